using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Protocol.Text;

namespace Shortline.Unit.Tests.Protocol;

public sealed class TextCommandReaderTests
{
    [Theory]
    [InlineData("req_sv_loc", TextCommandKind.Locate)]
    [InlineData("req_dir", TextCommandKind.Directory)]
    [InlineData("\r\n\ntest_response_time", TextCommandKind.TestResponseTime)]
    public void A_command_without_an_argument_is_complete_with_its_last_letter(string text, TextCommandKind kind)
    {
        Assert.Equal((TextRead.Complete, kind, "", text.Length), Read(text));
        Assert.Equal((TextRead.Complete, kind, "", text.Length), Read(text + "more"));
        Assert.Equal(TextRead.Incomplete, Read(text[..^1]).Read);
    }

    [Theory]
    [InlineData("req_comp%2", "2", TextCommandKind.Compute)]
    [InlineData("req_comp%0.25", "0.25", TextCommandKind.Compute)]
    [InlineData("req_file%doc.txt", "doc.txt", TextCommandKind.File)]
    [InlineData("req_file%a%b ü.txt", "a%b ü.txt", TextCommandKind.File)]
    [InlineData("JOIN%127.0.0.1:6001", "127.0.0.1:6001", TextCommandKind.Join)]
    [InlineData("JOIN%[::1]:6001", "[::1]:6001", TextCommandKind.Join)]
    [InlineData("JOIN%127.0.0.1:6001%5", "127.0.0.1:6001%5", TextCommandKind.Join)]
    [InlineData("JOIN%[fe80::1%eth0]:6001%20", "[fe80::1%eth0]:6001%20", TextCommandKind.Join)]
    [InlineData("DEAD%localhost:6001", "localhost:6001", TextCommandKind.Dead)]
    public void An_argument_ends_at_a_line_feed(string text, string argument, TextCommandKind kind)
    {
        var length = Encoding.UTF8.GetByteCount(text);

        Assert.Equal((TextRead.Open, kind, argument, length), Read(text));
        Assert.Equal((TextRead.Complete, kind, argument, length), Read(text + "\n"));
        Assert.Equal((TextRead.Complete, kind, argument, length), Read(text + "\r\nreq_dir"));
    }

    [Theory]
    [InlineData("req_comp%2req_dir", "2")]
    [InlineData("JOIN%127.0.0.1:6001DEAD%127.0.0.1:6002", "127.0.0.1:6001")]
    [InlineData("JOIN%127.0.0.1:6001%7DEAD%127.0.0.1:6002", "127.0.0.1:6001%7")]
    public void A_numeric_argument_ends_at_the_first_other_character(string text, string argument) =>
        Assert.Equal((TextRead.Complete, argument), (Read(text).Read, Read(text).Argument));

    [Theory]
    [InlineData("req_comp%")]
    [InlineData("req_file%")]
    [InlineData("JOIN%")]
    [InlineData("JO")]
    [InlineData("")]
    [InlineData("\n\n")]
    public void The_beginning_of_a_command_is_incomplete(string text) => Assert.Equal(TextRead.Incomplete, Read(text).Read);

    [Theory]
    [InlineData("hello")]
    [InlineData("{\"id\":1}")]
    [InlineData("req_x")]
    [InlineData("req_comp%x")]
    [InlineData("req_file%\n")]
    [InlineData("REQ_DIR")]
    public void Other_text_is_unknown(string text) => Assert.Equal(TextRead.Unknown, Read(text).Read);

    [Fact]
    public void An_overlong_argument_is_unknown() =>
        Assert.Equal(TextRead.Unknown, Read("req_file%" + new string('x', TextCommandReader.MaxArgument + 1)).Read);

    [Fact]
    public void Consecutive_commands_are_found_when_they_arrive_byte_by_byte() => Prop.ForAll(
        Gen.ListOf(Gen.Elements("req_sv_loc", "req_dir\n", "req_file%a.txt\n", "req_comp%1.5\r\n", "JOIN%h:1\n", "DEAD%h:22\n", "test_response_time")).ToArbitrary(),
        commands =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(commands));
            var (start, found) = (0, 0);

            // One byte more at a time, as from the slowest client.
            for (var end = 1; end <= bytes.Length; end++)
            {
                while (TextCommandReader.Read(bytes.AsSpan(start, end - start), out var command) is var read && read == TextRead.Complete)
                {
                    found++;
                    start += command.Length;
                }

                Assert.NotEqual(TextRead.Unknown, TextCommandReader.Read(bytes.AsSpan(start, end - start), out _));
            }

            Assert.Equal(commands.Count, found);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_bytes_are_read_without_an_exception() => Prop.ForAll<byte[]>(
        bytes =>
        {
            var read = TextCommandReader.Read(bytes, out var command);
            Assert.InRange(command.Length, 0, bytes.Length);
            Assert.True(read is not (TextRead.Complete or TextRead.Open) || command.Kind != TextCommandKind.None);
        }).QuickCheckThrowOnFailure();

    private static (TextRead Read, TextCommandKind Kind, string Argument, int Length) Read(string text)
    {
        var read = TextCommandReader.Read(Encoding.UTF8.GetBytes(text), out var command);
        return (read, command.Kind, Encoding.UTF8.GetString(command.Argument), command.Length);
    }
}
