using System.Text;
using System.Text.Json;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Udp;

/// <summary>The UDP protocol as a program without any library uses it.</summary>
public sealed class PlainDatagramTests(RunningFleet running) : IClassFixture<RunningFleet>, IDisposable
{
    private readonly PlainSocket _socket = new(running.Fleet.Gateway);

    public void Dispose() => _socket.Dispose();

    [Fact]
    public async Task A_request_is_answered_with_its_own_id_and_result()
    {
        var answer = await _socket.AskJson("""{"id":"42","client_id":1000,"operation":"echo","payload":{"any":"json"},"timeout_ms":9000,"idempotent":true}""");

        Assert.Equal(
            ["id", "client_id", "status", "server_id", "queue_length", "result", "elapsed_ms"],
            answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal("42", answer.GetProperty("id").GetString());
        Assert.Equal(1000, answer.GetProperty("client_id").GetInt64());
        Assert.Equal("ok", answer.GetProperty("status").GetString());
        Assert.Equal("0", answer.GetProperty("server_id").GetString());
        Assert.Equal("""{"any":"json"}""", answer.GetProperty("result").GetRawText());
        Assert.InRange(answer.GetProperty("elapsed_ms").GetDouble(), 0, 9000);
    }

    [Fact]
    public async Task A_numeric_id_is_returned_as_a_number()
    {
        var answer = await _socket.AskJson("""{"id":-7,"operation":"echo"}""");

        Assert.Equal(-7, answer.GetProperty("id").GetInt64());
        Assert.False(answer.TryGetProperty("client_id", out _));
    }

    [Fact]
    public async Task A_result_of_60_kilobytes_arrives_complete()
    {
        var payload = new string('x', 60_000);

        var answer = await _socket.AskJson($$"""{"id":"large","operation":"echo","payload":"{{payload}}"}""");

        Assert.Equal(payload, answer.GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("", null, "empty")]
    [InlineData("hello", null, "not JSON")]
    [InlineData("""{"id":"1","operation":"echo" """, "1", "not JSON")]
    [InlineData("""{"id":"1","operation":"echo"}{}""", "1", "text after the JSON object")]
    [InlineData("[]", null, "not a JSON object")]
    [InlineData("42", null, "not a JSON object")]
    [InlineData("""{"operation":"echo"}""", null, "'id'")]
    [InlineData("""{"id":true,"operation":"echo"}""", null, "'id'")]
    [InlineData("""{"id":1.5,"operation":"echo"}""", null, "'id'")]
    [InlineData("""{"id":9223372036854775808,"operation":"echo"}""", null, "'id'")]
    [InlineData("""{"id":"","operation":"echo"}""", null, "'id'")]
    [InlineData("""{"id":"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcde","operation":"echo"}""", null, "'id'")]
    [InlineData("""{"id":"b1"}""", "b1", "'operation' is missing")]
    [InlineData("""{"id":"b2","operation":7}""", "b2", "'operation'")]
    [InlineData("""{"id":"b3","operation":"echo","client_id":"me"}""", "b3", "'client_id'")]
    [InlineData("""{"id":"b4","operation":"echo","timeout_ms":0}""", "b4", "'timeout_ms'")]
    [InlineData("""{"id":"b5","operation":"fly"}""", "b5", "fly")]
    [InlineData("""{"id":"b6","operation":"compute","payload":{"seconds":"long"}}""", "b6", "$.seconds")]
    public async Task A_datagram_that_is_no_request_is_answered_invalid_with_the_reason(string datagram, string? id, string reason)
    {
        AssertInvalid(await _socket.Ask(datagram), id, reason);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_answered_invalid()
    {
        AssertInvalid(await _socket.Ask([.. """{"id":"1","operation":"echo","payload":" """u8, 0xff, .. "\"}"u8]), null, "not UTF-8");
    }

    [Fact]
    public async Task The_largest_possible_datagram_gets_a_short_response()
    {
        var answer = await _socket.Ask(Encoding.UTF8.GetBytes(new string('x', 65_507)));

        AssertInvalid(answer, null, "not JSON");
        Assert.InRange(answer.Length, 1, 400);
    }

    [Fact]
    public async Task A_repeated_datagram_gets_the_same_response_and_does_not_run_twice()
    {
        const string Request = """{"id":"again","client_id":5,"operation":"compute","payload":{"seconds":0.3}}""";
        _socket.Send(Encoding.UTF8.GetBytes(Request));
        var first = await _socket.Ask(Request);
        var repeated = await _socket.Ask(Request);

        // The first copy was in flight when the second one arrived. Both get the response of the same run.
        Assert.Equal("ok", JsonDocument.Parse(first).RootElement.GetProperty("status").GetString());
        Assert.Equal(first, repeated);

        // The server is idle now. A second run would delay this request by 0.3 seconds.
        var next = await _socket.AskJson("""{"id":"next","client_id":5,"operation":"echo"}""");
        Assert.Equal("next", next.GetProperty("id").GetString());
        Assert.InRange(next.GetProperty("elapsed_ms").GetDouble(), 0, 200);
    }

    private static void AssertInvalid(string answer, string? id, string reason)
    {
        var json = JsonDocument.Parse(answer).RootElement;
        Assert.Equal("invalid", json.GetProperty("status").GetString());
        Assert.Equal(id, json.TryGetProperty("id", out var echoed) ? echoed.ToString() : null);
        Assert.Contains(reason, json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
