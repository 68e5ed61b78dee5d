import http.client
import io
import json
import urllib.error
import urllib.request

from capsule import HostDenied, http as web


def expect(kind, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except kind as error:
        return error
    raise AssertionError("%s was not raised" % kind)


def main():
    binary = bytes(range(256)) + b"\r\n\r\n"

    response = web.get("https://a.example/x?y=1", headers={"A": "b"})
    assert response.status_code == 200 and response.ok() and response.text == "https://a.example/x?y=1"
    assert response.headers["x-method"] == "GET" and "X-METHOD" in response.headers
    assert web.post("http://a.example/", body=binary).content == binary
    assert web.put("http://a.example/", json_data={"ü": 1}).json() == {"ü": 1}
    assert web.post("http://a.example/", json_data=[]).headers["content-type"] == "application/json"
    assert web.patch("http://a.example/", "text").text == "text"
    assert web.delete("http://a.example/").headers["x-method"] == "DELETE"
    assert web.head("http://a.example/").headers["x-method"] == "HEAD"
    missing = web.get("http://a.example/missing")
    assert missing.status_code == 404 and not missing.ok()
    assert web.get("http://a.example/moved").url == "http://a.example/there"
    assert web.get("http://a.example/latin").text == "ä"
    assert web.get("http://a.example/cookies").headers.pairs == [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    error = expect(HostDenied, web.get, "http://a.example/denied")
    assert isinstance(error, PermissionError) and "allowed_hosts" in str(error)
    assert "connection refused" in str(expect(OSError, web.get, "http://a.example/broken"))

    with urllib.request.urlopen("https://a.example:8443/p") as opened:
        assert opened.status == 200 and opened.read() == b"https://a.example:8443/p"
        assert opened.headers["X-Method"] == "GET"
    request = urllib.request.Request("http://a.example/", data=binary, method="PUT")
    request.add_header("Content-Type", "application/octet-stream")
    assert urllib.request.urlopen(request).read() == binary
    request = urllib.request.Request("http://a.example/", data=iter([b"one", b"two"]), method="POST")
    assert urllib.request.urlopen(request).read() == b"onetwo"
    opened = urllib.request.urlopen("http://a.example/moved")
    assert opened.url == "http://a.example/there", opened.url
    assert expect(urllib.error.HTTPError, urllib.request.urlopen, "http://a.example/missing").code == 404
    error = expect(urllib.error.URLError, urllib.request.urlopen, "http://a.example/denied")
    assert isinstance(error.reason, PermissionError), error.reason
    expect(urllib.error.URLError, urllib.request.urlopen, "http://a.example/broken")

    connection = http.client.HTTPSConnection("a.example", timeout=5)
    connection.request("HEAD", "/h")
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read() == b"" and answer.reason == "OK"
    connection.close()
    connection.request("POST", "/again", body=io.BytesIO(b"file"), headers={"Content-Length": "4"})
    assert connection.getresponse().read() == b"file"

    import ssl

    context = ssl.create_default_context()
    assert json.load(urllib.request.urlopen(urllib.request.Request("https://a.example/", data=b"[1]"), context=context)) == [1]
    return "ok"
