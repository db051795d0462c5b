using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Protocol;

public sealed class ResponseTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void A_response_is_written_as_documented()
    {
        Assert.Equal(
            """{"id":"42","client_id":1000,"status":"ok","server_id":"3","queue_length":2,"result":{"any":"json"},"elapsed_ms":0.41}""",
            Write(new Response
            {
                Id = "\"42\""u8,
                HasClientId = true,
                ClientId = 1000,
                Status = ResponseStatus.Ok,
                ServerId = "3"u8,
                QueueLength = 2,
                Result = """{"any":"json"}"""u8,
                ElapsedMicroseconds = 410,
            }));
        Assert.Equal(
            """{"id":7,"status":"rejected","reason":"queue_full","retry_after_ms":20}""",
            Write(new Response { Id = "7"u8, Status = ResponseStatus.Rejected, Reason = "queue_full"u8, RetryAfterMs = 20 }));
    }

    [Fact]
    public void A_verify_response_is_written_and_read_with_its_token()
    {
        var written = Write(new Response { Id = "7"u8, HasClientId = true, ClientId = 8, Status = ResponseStatus.Verify, Token = "abc-_"u8 });

        Assert.Equal("""{"id":7,"client_id":8,"status":"verify","token":"abc-_"}""", written);
        Assert.True(ResponseParser.TryParse(Encoding.UTF8.GetBytes(written), out var response));
        Assert.Equal("abc-_"u8, response.Token);
        Assert.True(written.Length <= ResponseWriter.MaxLength(new Response { Id = "7"u8, Status = ResponseStatus.Verify, Token = "abc-_"u8 }));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.001")]
    [InlineData(999, "0.999")]
    [InlineData(1000, "1")]
    [InlineData(1050, "1.05")]
    [InlineData(12_345_600, "12345.6")]
    public void Elapsed_time_is_milliseconds_with_up_to_three_decimals(long microseconds, string written) =>
        Assert.EndsWith($"\"elapsed_ms\":{written}}}", Write(new Response { Status = ResponseStatus.Ok, ElapsedMicroseconds = microseconds }), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_has_a_name_and_a_sentence_that_fits_a_response(InvalidReason reason)
    {
        var sentence = Encoding.UTF8.GetString(InvalidReasons.Describe(reason));
        var written = Write(new Response { Status = ResponseStatus.Invalid, Error = InvalidReasons.Describe(reason) });

        Assert.True(ResponseParser.TryParse(Encoding.UTF8.GetBytes(written), out var response));
        Assert.Equal(sentence, response.ErrorText());
        Assert.False(InvalidReasons.Name(reason) is "other");
        Assert.False(sentence is "not a request");
    }

    [Fact]
    public void Reasons_are_numbered_from_zero_without_gaps_and_have_distinct_names()
    {
        Assert.Equal(Enumerable.Range(0, InvalidReasons.Count), Enum.GetValues<InvalidReason>().Select(reason => (int)reason));
        Assert.Equal(InvalidReasons.Count, Enum.GetValues<InvalidReason>().Select(InvalidReasons.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Written_statuses_are_read_back()
    {
        foreach (var status in Enum.GetValues<ResponseStatus>())
        {
            Assert.True(ResponseStatuses.TryParse(ResponseStatuses.Utf8Name(status), out var read));
            Assert.Equal(status, read);
            Assert.Equal(ResponseStatuses.Name(status), Encoding.UTF8.GetString(ResponseStatuses.Utf8Name(status)));
        }

        Assert.False(ResponseStatuses.TryParse("fine"u8, out _));
        Assert.Equal(ResponseStatuses.Count, Enum.GetValues<ResponseStatus>().Length);
    }

    [Fact]
    public void Any_texts_give_valid_JSON_of_bounded_length() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<(long Client, int Queue, int Retry, long Elapsed)>(), (server, error, n) =>
        {
            var response = new Response
            {
                Id = "\"x\""u8,
                HasClientId = n.Client >= 0,
                ClientId = n.Client,
                Status = ResponseStatus.Error,
                ServerId = server,
                QueueLength = n.Queue,
                Error = error,
                Reason = error,
                RetryAfterMs = n.Retry,
                ElapsedMicroseconds = n.Elapsed,
            };
            var buffer = new byte[ResponseWriter.MaxLength(response)];
            var length = ResponseWriter.Write(buffer, response);
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            return ResponseParser.TryParse(buffer.AsSpan(0, length), out var read)
                && read.ErrorText() == (document.RootElement.TryGetProperty("error", out var text) ? text.GetString() : "")
                && read.QueueLength == Math.Max(-1, n.Queue)
                && read.HasClientId == (n.Client >= 0)
                && read.RetryAfterMs == Math.Max(0, n.Retry);
        }).Check(Many);

    [Fact]
    public void Written_texts_are_read_back()
    {
        foreach (var text in (string[])["plain", "\"quoted\" \\ back", "line\nbreak\ttab\u0000nul", "é日😀", "\u007f"])
        {
            var written = Write(new Response { Status = ResponseStatus.Error, Error = Encoding.UTF8.GetBytes(text), ServerId = Encoding.UTF8.GetBytes(text) });
            Assert.True(ResponseParser.TryParse(Encoding.UTF8.GetBytes(written), out var response));
            Assert.Equal(text, response.ErrorText());
            Assert.Equal(text, response.ServerIdText());
        }
    }

    [Fact]
    public void A_long_error_is_cut_between_characters()
    {
        var written = Write(new Response { Status = ResponseStatus.Error, Error = Encoding.UTF8.GetBytes("x" + new string('日', 200)) });
        Assert.True(ResponseParser.TryParse(Encoding.UTF8.GetBytes(written), out var response));
        Assert.Equal("x" + new string('日', 85), response.ErrorText());
    }

    [Fact]
    public void A_response_that_does_not_fit_is_not_written()
    {
        var response = new Response { Id = "1"u8, Status = ResponseStatus.Ok, ServerId = "9"u8, Result = "[1,2,3]"u8, QueueLength = 4, ElapsedMicroseconds = 5 };
        var length = ResponseWriter.Write(new byte[500], response);
        for (var room = 0; room < length; room++)
            Assert.Equal(-1, ResponseWriter.Write(new byte[room], response));
        Assert.Equal(length, ResponseWriter.Write(new byte[length], response));
    }

    [Fact]
    public void A_response_with_unknown_members_is_read()
    {
        Assert.True(ResponseParser.TryParse("""{"status":"ok","id":-5,"hops":[1,{"a":2}],"elapsed_ms":1.25,"result":null,"queue_length":null}"""u8, out var response));
        Assert.Equal(-5, response.IntegerId);
        Assert.Equal(1.25, response.ElapsedMs);
        Assert.Equal(-1, response.QueueLength);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("{}")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"status\":\"fine\"}")]
    [InlineData("{\"status\":0}")]
    [InlineData("{\"status\":\"ok\",\"queue_length\":\"2\"}")]
    [InlineData("{\"status\":\"ok\"}}")]
    [InlineData("{\"status\":\"ok\"")]
    public void A_malformed_response_is_refused(string datagram) => Assert.False(ResponseParser.TryParse(Encoding.UTF8.GetBytes(datagram), out _));

    [Fact]
    public void Random_bytes_are_refused_without_an_exception()
    {
        Prop.ForAll(JsonPieces.Soup(), bytes => ResponseParser.TryParse(bytes, out var response) || response.Id.IsEmpty).Check(Many);
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => ResponseParser.TryParse(bytes, out var response) || response.Id.IsEmpty).Check(Many);
    }

    public static TheoryData<InvalidReason> Reasons() => [.. Enum.GetValues<InvalidReason>()];

    private static string Write(scoped in Response response)
    {
        var buffer = new byte[ResponseWriter.MaxLength(response)];
        return Encoding.UTF8.GetString(buffer, 0, ResponseWriter.Write(buffer, response));
    }
}
