using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Client.Tcp;
using Shortline.Protocol.Requests;

namespace Shortline.Unit.Tests.Client.Tcp;

public sealed class ResponseLinesTests
{
    private static readonly Arbitrary<string[]> Lines =
        (from length in Gen.Frequency((8, Gen.Choose(0, 40)), (1, Gen.Choose(4000, 70_000 - 5000)))
         from letter in Gen.Elements('a', 'ü', '{', '"')
         select new string(letter, length / Encoding.UTF8.GetByteCount([letter])))
        .NonEmptyListOf().Select(lines => lines.ToArray()).ToArbitrary();

    [Fact]
    public void Lines_are_reassembled_in_order_wherever_the_stream_is_split() => Prop.ForAll(Lines, ArbMap.Default.ArbFor<int>(), (sent, seed) =>
    {
        var random = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes(string.Concat(sent.Select(line => line + (random.Next(2) == 0 ? "\n" : "\r\n"))));
        var lines = new ResponseLines();
        var received = new List<string>();
        for (var at = 0; at < bytes.Length && !lines.IsOverlong;)
        {
            var room = lines.Room();
            var count = Math.Min(bytes.Length - at, random.Next(1, room.Length + 1));
            bytes.AsSpan(at, count).CopyTo(room.Span);
            at += count;
            lines.Received(count);
            while (lines.TryNext(out var line))
                received.Add(Encoding.UTF8.GetString(line));
        }

        return received.SequenceEqual(sent.Where(line => line.Length > 0), StringComparer.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_line_of_the_largest_datagram_is_accepted_and_a_longer_one_is_overlong()
    {
        Assert.True(Receive(new ResponseLines(), new string('x', RequestParser.MaxDatagram) + "\r\n").TryNext(out var line));
        Assert.Equal(RequestParser.MaxDatagram, line.Length);
        var overlong = Receive(new ResponseLines(), new string('x', RequestParser.MaxDatagram + 2));
        Assert.False(overlong.TryNext(out _));
        Assert.True(overlong.IsOverlong);
    }

    private static ResponseLines Receive(ResponseLines lines, string text)
    {
        for (var bytes = Encoding.UTF8.GetBytes(text).AsSpan(); bytes.Length > 0;)
        {
            var room = lines.Room().Span;
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            lines.Received(count);
            bytes = bytes[count..];
        }

        return lines;
    }
}
