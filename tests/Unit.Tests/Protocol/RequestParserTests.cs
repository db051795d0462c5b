using System.Text;
using Shortline.Protocol.Requests;

namespace Shortline.Unit.Tests.Protocol;

public sealed class RequestParserTests
{
    [Fact]
    public void A_request_with_all_members_is_read_without_a_copy()
    {
        var datagram = """{"id":"42","client_id":1000,"operation":"echo","payload":{"any":[1, 2]},"timeout_ms":1000,"idempotent":false,"priority":9}"""u8;

        Assert.Equal(InvalidReason.None, RequestParser.Parse(datagram, out var request));

        Assert.Equal("\"42\"", Text(request.Id));
        Assert.True(request.HasClientId);
        Assert.Equal(1000, request.ClientId);
        Assert.Equal("echo", Text(request.Operation));
        Assert.Equal("""{"any":[1, 2]}""", Text(request.Payload));
        Assert.Equal(1000, request.TimeoutMs);
        Assert.False(request.Idempotent);
        Assert.Equal(9, request.Priority);
        Assert.True(datagram.Overlaps(request.Payload));
    }

    [Fact]
    public void Missing_and_null_members_have_their_defaults()
    {
        foreach (var datagram in (string[])
            [
                """{"id":1,"operation":"echo"}""",
                """{"id":1,"operation":"echo","client_id":null,"payload":null,"timeout_ms":null,"idempotent":null,"priority":null}""",
            ])
        {
            Assert.Equal(InvalidReason.None, RequestParser.Parse(Encoding.UTF8.GetBytes(datagram), out var request));
            Assert.Equal("1", Text(request.Id));
            Assert.False(request.HasClientId);
            Assert.Equal(0, request.ClientId);
            Assert.True(request.Payload.IsEmpty);
            Assert.Equal(0, request.TimeoutMs);
            Assert.True(request.Idempotent);
            Assert.Equal(RequestParser.UsualPriority, request.Priority);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void A_datagram_of_white_space_is_empty(string datagram) => Expect(InvalidReason.Empty, datagram);

    [Theory]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("{\"id\":1,\"operation\":\"echo\"")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",}")]
    [InlineData("{,\"id\":1,\"operation\":\"echo\"}")]
    [InlineData("{\"id\":1 \"operation\":\"echo\"}")]
    [InlineData("{\"id\":1,\"operation\":'echo'}")]
    [InlineData("{id:1,\"operation\":\"echo\"}")]
    [InlineData("{\"id\":01,\"operation\":\"echo\"}")]
    [InlineData("{\"id\":+1,\"operation\":\"echo\"}")]
    [InlineData("{\"id\":1.,\"operation\":\"echo\"}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",\"payload\":NaN}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",\"payload\":[1,]}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",\"payload\":[1}}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",\"payload\":\"\\x\"}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",\"payload\":\"\\u12g4\"}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",\"payload\":\"\\u12\0\0\"}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\",\"payload\":\"a\nb\"}")]
    [InlineData("{\"id\":1,\"operation\":\"echo\"/* a comment */}")]
    public void Malformed_JSON_is_reported_as_such(string datagram) => Expect(InvalidReason.NotJson, datagram);

    [Theory]
    [InlineData("[1]")]
    [InlineData("42")]
    [InlineData("\"text\"")]
    [InlineData(" null ")]
    public void JSON_that_is_not_an_object_is_reported_as_such(string datagram) => Expect(InvalidReason.NotAnObject, datagram);

    [Theory]
    [InlineData("{\"id\":1,\"operation\":\"echo\"} x", InvalidReason.TrailingText)]
    [InlineData("{\"id\":1,\"operation\":\"echo\"}{\"id\":2,\"operation\":\"echo\"}", InvalidReason.TrailingText)]
    [InlineData("{\"id\":1,\"operation\":\"echo\"}\n", InvalidReason.None)]
    [InlineData("\ufeff{\"id\":1,\"operation\":\"echo\"}", InvalidReason.ByteOrderMark)]
    public void A_datagram_is_exactly_one_object(string datagram, InvalidReason reason) => Expect(reason, datagram);

    [Theory]
    [InlineData("1")]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775807")]
    [InlineData("\"1\"")]
    [InlineData("\"a b\"")]
    [InlineData("\"\\n\"")]
    [InlineData("\"日本\"")]
    public void An_id_is_kept_as_it_is_written(string id)
    {
        Assert.Equal(InvalidReason.None, RequestParser.Parse(Encoding.UTF8.GetBytes($$"""{"id":{{id}},"operation":"x"}"""), out var request));
        Assert.Equal(id, Text(request.Id));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("9223372036854775808")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void An_id_is_a_short_string_or_an_integer(string id) => Expect(InvalidReason.BadId, $$"""{"id":{{id}},"operation":"x"}""");

    [Theory]
    [InlineData("a", 64, InvalidReason.None)]
    [InlineData("a", 65, InvalidReason.BadId)]
    [InlineData("日", 64, InvalidReason.None)]
    [InlineData("日", 65, InvalidReason.BadId)]
    [InlineData("😀", 64, InvalidReason.None)]
    [InlineData("😀", 65, InvalidReason.BadId)]
    [InlineData("\\n", 32, InvalidReason.None)] // An escape counts as the two characters that are written.
    [InlineData("\\n", 33, InvalidReason.BadId)]
    public void An_id_has_at_most_64_characters(string character, int count, InvalidReason reason)
    {
        var id = string.Concat(Enumerable.Repeat(character, count));
        var found = RequestParser.Parse(Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","operation":"x"}"""), out var request);
        Assert.Equal(reason, found);
        Assert.True(request.Id.Length <= RequestParser.MaxIdLength);
    }

    [Theory]
    [InlineData("\"operation\":\"echo\"", InvalidReason.MissingId)]
    [InlineData("\"id\":null,\"operation\":\"echo\"", InvalidReason.MissingId)]
    [InlineData("\"id\":1", InvalidReason.MissingOperation)]
    [InlineData("\"id\":1,\"operation\":null", InvalidReason.MissingOperation)]
    [InlineData("\"id\":1,\"operation\":5", InvalidReason.BadOperation)]
    [InlineData("\"id\":1,\"operation\":\"\"", InvalidReason.BadOperation)]
    [InlineData("\"id\":1,\"operation\":\"a b\"", InvalidReason.BadOperation)]
    [InlineData("\"id\":1,\"operation\":\"\\u0061\"", InvalidReason.BadOperation)]
    [InlineData("\"id\":1,\"operation\":\"é\"", InvalidReason.BadOperation)]
    [InlineData("\"id\":1,\"operation\":\"A-z_0.9\"", InvalidReason.None)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"client_id\":-1", InvalidReason.BadClientId)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"client_id\":\"7\"", InvalidReason.BadClientId)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"client_id\":1.5", InvalidReason.BadClientId)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"timeout_ms\":0", InvalidReason.BadTimeout)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"timeout_ms\":2147483647", InvalidReason.None)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"timeout_ms\":2147483648", InvalidReason.BadTimeout)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"timeout_ms\":\"5\"", InvalidReason.BadTimeout)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"idempotent\":0", InvalidReason.BadIdempotent)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"priority\":-1", InvalidReason.BadPriority)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"priority\":10", InvalidReason.BadPriority)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"priority\":\"9\"", InvalidReason.BadPriority)]
    [InlineData("\"id\":1,\"id\":1,\"operation\":\"x\"", InvalidReason.DuplicateMember)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"payload\":null,\"payload\":1", InvalidReason.DuplicateMember)]
    [InlineData("\"id\":1,\"operation\":\"x\",\"colour\":1,\"colour\":2", InvalidReason.None)]
    [InlineData("\"\\u0069d\":1,\"operation\":\"x\"", InvalidReason.None)]
    [InlineData("\"id\":1,\"\\u0069\\u0064\":1,\"operation\":\"x\"", InvalidReason.DuplicateMember)]
    public void Each_invalid_member_has_its_reason(string members, InvalidReason reason) => Expect(reason, $$"""{{{members}}}""");

    [Theory]
    [InlineData("\\ud83d\\ude00", InvalidReason.None)]
    [InlineData("\\ud83d", InvalidReason.LoneSurrogate)]
    [InlineData("\\ude00\\ud83d", InvalidReason.LoneSurrogate)]
    [InlineData("\\ud83d x", InvalidReason.LoneSurrogate)]
    [InlineData("\\\\ud83d", InvalidReason.None)] // An escaped backslash followed by letters.
    public void A_lone_surrogate_is_refused(string text, InvalidReason reason) =>
        Expect(reason, $$"""{"id":1,"operation":"x","payload":["{{text}}"]}""");

    [Theory]
    [InlineData(63, InvalidReason.None)]
    [InlineData(64, InvalidReason.TooDeep)]
    public void JSON_has_at_most_64_levels(int levels, InvalidReason reason)
    {
        Expect(reason, $$"""{"id":1,"operation":"x","payload":{{new string('[', levels)}}{{new string(']', levels)}}}""");
        Expect(reason, $$"""{"id":1,"operation":"x","payload":{{Repeat("{\"a\":", levels)}}1{{new string('}', levels)}}}""");
    }

    [Fact]
    public void A_datagram_has_at_most_65507_bytes()
    {
        var datagram = Encoding.UTF8.GetBytes($$"""{"id":1,"operation":"x","payload":"{{new string('a', RequestParser.MaxDatagram)}}"}""");
        Assert.Equal(InvalidReason.TooLarge, RequestParser.Parse(datagram, out _));
        datagram = [.. """{"id":1,"operation":"x"}"""u8, .. Enumerable.Repeat((byte)' ', RequestParser.MaxDatagram - 24)];
        Assert.Equal(InvalidReason.None, RequestParser.Parse(datagram, out _));
    }

    [Fact]
    public void A_byte_that_is_not_UTF_8_is_refused_at_any_position()
    {
        var datagram = """{"id":1,"operation":"x","payload":"abc"}"""u8.ToArray();
        for (var i = 0; i < datagram.Length; i++)
        {
            var broken = (byte[])datagram.Clone();
            broken[i] = 0xff;
            Assert.Equal(InvalidReason.NotUtf8, RequestParser.Parse(broken, out _));
        }
    }

    [Theory]
    [InlineData("{\"id\":\"7\",\"client_id\":3,\"operation\":\"a b\"}")]
    [InlineData("{\"operation\":5,\"client_id\":3,\"id\":\"7\"}")]
    [InlineData("{\"id\":\"7\",\"client_id\":3,\"operation\":")]
    [InlineData("{\"id\":\"7\",\"client_id\":3}")]
    [InlineData("{\"id\":\"7\",\"client_id\":3,\"operation\":\"x\",\"payload\":\"\\ud800\"}")]
    public void The_id_of_an_invalid_request_is_read_if_possible(string datagram)
    {
        Assert.NotEqual(InvalidReason.None, RequestParser.Parse(Encoding.UTF8.GetBytes(datagram), out var request));
        Assert.Equal("\"7\"", Text(request.Id));
        Assert.Equal(3, request.ClientId);
    }

    [Fact]
    public void An_id_with_a_lone_surrogate_is_not_returned()
    {
        Assert.Equal(InvalidReason.LoneSurrogate, RequestParser.Parse("""{"id":"\ud800","operation":"x"}"""u8, out var request));
        Assert.True(request.Id.IsEmpty);
    }

    private static void Expect(InvalidReason reason, string datagram) =>
        Assert.Equal(reason, RequestParser.Parse(Encoding.UTF8.GetBytes(datagram), out _));

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
