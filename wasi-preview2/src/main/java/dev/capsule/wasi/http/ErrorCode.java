package dev.capsule.wasi.http;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Why a request failed ({@code wasi:http/types.error-code}). */
public sealed interface ErrorCode {

  /** The name of the case in WIT, {@code HTTP-request-denied}. */
  String witName();

  /** Cases without payload. */
  enum Plain implements ErrorCode {
    /** The name server did not answer in time. */
    DNS_TIMEOUT("DNS-timeout"),
    /** There is no such destination. */
    DESTINATION_NOT_FOUND("destination-not-found"),
    /** The destination cannot be reached. */
    DESTINATION_UNAVAILABLE("destination-unavailable"),
    /** The name resolves to an address that is not granted. */
    DESTINATION_IP_PROHIBITED("destination-IP-prohibited"),
    /** There is no route to the address. */
    DESTINATION_IP_UNROUTABLE("destination-IP-unroutable"),
    /** Nobody listens on the port. */
    CONNECTION_REFUSED("connection-refused"),
    /** The connection broke. */
    CONNECTION_TERMINATED("connection-terminated"),
    /** No connection in time. */
    CONNECTION_TIMEOUT("connection-timeout"),
    /** Nothing arrived in time. */
    CONNECTION_READ_TIMEOUT("connection-read-timeout"),
    /** The server did not take what was sent in time. */
    CONNECTION_WRITE_TIMEOUT("connection-write-timeout"),
    /** Too many requests at once. */
    CONNECTION_LIMIT_REACHED("connection-limit-reached"),
    /** TLS could not be agreed on. */
    TLS_PROTOCOL_ERROR("TLS-protocol-error"),
    /** The server's certificate is not valid for the name. */
    TLS_CERTIFICATE_ERROR("TLS-certificate-error"),
    /** The policy does not allow the request. */
    HTTP_REQUEST_DENIED("HTTP-request-denied"),
    /** The request needs a length. */
    HTTP_REQUEST_LENGTH_REQUIRED("HTTP-request-length-required"),
    /** The method is not a token, or not one that may be sent. */
    HTTP_REQUEST_METHOD_INVALID("HTTP-request-method-invalid"),
    /** The URL is malformed. */
    HTTP_REQUEST_URI_INVALID("HTTP-request-URI-invalid"),
    /** The URL is too long. */
    HTTP_REQUEST_URI_TOO_LONG("HTTP-request-URI-too-long"),
    /** The response ended too early. */
    HTTP_RESPONSE_INCOMPLETE("HTTP-response-incomplete"),
    /** The response did not arrive in time. */
    HTTP_RESPONSE_TIMEOUT("HTTP-response-timeout"),
    /** The server switched protocols unasked. */
    HTTP_UPGRADE_FAILED("HTTP-upgrade-failed"),
    /** The other side does not speak HTTP, or the guest asks for what is not HTTP. */
    HTTP_PROTOCOL_ERROR("HTTP-protocol-error"),
    /** Too many redirects. */
    LOOP_DETECTED("loop-detected"),
    /** The service is set up wrongly. */
    CONFIGURATION_ERROR("configuration-error");

    private final String witName;

    Plain(String witName) {
      this.witName = witName;
    }

    @Override
    public String witName() {
      return witName;
    }
  }

  /** {@code DNS-error}: the name does not resolve. */
  record DnsError(Optional<String> rcode, OptionalInt infoCode) implements ErrorCode {
    @Override
    public String witName() {
      return "DNS-error";
    }
  }

  /** {@code TLS-alert-received}: the server refused the handshake. */
  record TlsAlertReceived(OptionalInt alertId, Optional<String> alertMessage) implements ErrorCode {
    @Override
    public String witName() {
      return "TLS-alert-received";
    }
  }

  /** What can be too large as a whole. */
  enum Part {
    /** {@code HTTP-request-body-size}. */
    REQUEST_BODY("HTTP-request-body-size"),
    /** {@code HTTP-request-header-section-size}. */
    REQUEST_HEADER_SECTION("HTTP-request-header-section-size"),
    /** {@code HTTP-request-trailer-section-size}. */
    REQUEST_TRAILER_SECTION("HTTP-request-trailer-section-size"),
    /** {@code HTTP-response-body-size}. */
    RESPONSE_BODY("HTTP-response-body-size"),
    /** {@code HTTP-response-header-section-size}. */
    RESPONSE_HEADER_SECTION("HTTP-response-header-section-size"),
    /** {@code HTTP-response-trailer-section-size}. */
    RESPONSE_TRAILER_SECTION("HTTP-response-trailer-section-size");

    private final String witName;

    Part(String witName) {
      this.witName = witName;
    }
  }

  /** A part is too large, or not as large as announced; {@code size} in bytes, if known. */
  record PartSize(Part part, OptionalLong size) implements ErrorCode {
    @Override
    public String witName() {
      return part.witName;
    }
  }

  /** {@code HTTP-request-header-size}: one header is too large. */
  record RequestHeaderSize(String fieldName, int fieldSize) implements ErrorCode {
    @Override
    public String witName() {
      return "HTTP-request-header-size";
    }
  }

  /** {@code HTTP-response-transfer-coding}: the response is coded in a way nobody asked for. */
  record ResponseTransferCoding(String coding) implements ErrorCode {
    @Override
    public String witName() {
      return "HTTP-response-transfer-coding";
    }
  }

  /** {@code internal-error}: anything else. */
  record InternalError(Optional<String> message) implements ErrorCode {
    @Override
    public String witName() {
      return "internal-error";
    }
  }
}
