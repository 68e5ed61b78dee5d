// node:timers
module.exports = { ...internal.clock, promises: require('timers/promises') };
