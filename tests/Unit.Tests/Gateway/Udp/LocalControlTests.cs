using System.Net;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Gateway.Udp;
using Shortline.Gateway.Udp.Linux;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class LocalControlTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("10.0.0.1")]
    [InlineData("223.255.255.254")]
    public void The_address_that_a_datagram_of_IPv4_was_sent_to_is_read(string address)
    {
        Assert.Equal(address, Read(IPv4(address, address)));
        Assert.Equal(address, Read([.. IPv6($"::ffff:{address}", 7), .. IPv4(address, address)]));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.255")]
    [InlineData("10.0.0.1", "255.255.255.255")]
    [InlineData("10.0.0.1", "224.0.0.1")]
    [InlineData("224.0.0.1", "224.0.0.1")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("0.0.0.0", "10.0.0.1")]
    public void A_datagram_that_was_sent_to_many_has_no_local_address(string own, string sentTo)
    {
        Assert.Null(Read(IPv4(own, sentTo)));
        Assert.Null(Read([.. IPv6($"::ffff:{sentTo}", 7), .. IPv4(own, sentTo)]));
    }

    [Theory]
    [InlineData("::1", "::1")]
    [InlineData("2001:db8::5", "2001:db8::5")]
    [InlineData("fd00::2", "fd00::2")]
    [InlineData("fe80::fc:1", "fe80::fc:1%7")]
    [InlineData("febf::1", "febf::1%7")]
    [InlineData("fec0::1", "fec0::1")]
    [InlineData("ff02::1", null)]
    [InlineData("ff0e::1", null)]
    [InlineData("::", null)]
    [InlineData("::ffff:127.0.0.1", null)]
    public void The_address_that_a_datagram_of_IPv6_was_sent_to_is_read_and_a_link_local_one_keeps_its_interface(
        string sentTo, string? expected) =>
        Assert.Equal(expected, Read(IPv6(sentTo, 7)));

    [Fact]
    public void Other_messages_are_skipped()
    {
        Assert.Equal("::1", Read([.. Message(1, 29, new byte[13]), .. Message(41, 50, new byte[19]), .. IPv6("::1", 1)]));
        Assert.Equal("127.0.0.2", Read([.. Message(0, 2, [64, 0, 0, 0]), .. IPv4("127.0.0.2", "127.0.0.2")]));
        Assert.Null(Read(Message(17, 104, new byte[4])));
    }

    [Fact]
    public void Truncated_messages_are_never_read_beyond_their_end()
    {
        byte[] whole = [.. Message(1, 29, new byte[13]), .. IPv6("::ffff:127.0.0.2", 1), .. IPv4("127.0.0.2", "127.0.0.2")];

        // The last 4 bytes are padding.
        for (var length = 0; length <= whole.Length; length++)
            Assert.Equal(length < whole.Length - 4 ? null : "127.0.0.2", Read(whole[..length]));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(15UL)]
    [InlineData(29UL)]
    [InlineData(33UL)]
    [InlineData(0x7FFF_FFFFUL)]
    [InlineData(0xFFFF_FFFFUL)]
    [InlineData(0x1_0000_001CUL)]
    [InlineData(ulong.MaxValue - 6)]
    [InlineData(ulong.MaxValue)]
    public void A_wrong_length_ends_the_messages(ulong length)
    {
        byte[] control = [.. Message(0, 0, new byte[12]), .. IPv4("127.0.0.2", "127.0.0.2")];
        MemoryMarshal.Write(control, length);

        // 29 is within the bytes, so the next message begins after its padding.
        Assert.Equal(length == 29 ? "127.0.0.2" : null, Read(control));
    }

    [Fact]
    public void Garbage_is_read_without_a_fault()
    {
        var pieces = Gen.Elements(
            IPv4("127.0.0.2", "127.0.0.2"), IPv6("::1", 1), IPv6("::ffff:1.2.3.4", 1), Message(17, 104, [1, 2, 3, 4]));
        var garbage =
            from parts in Gen.ListOf(pieces)
            from changes in Gen.ListOf(Gen.Choose(0, ushort.MaxValue))
            from length in Gen.Choose(0, 200)
            select Spoil([.. parts.SelectMany(part => part)], changes)[..Math.Min(length, parts.Sum(part => part.Length))];

        Prop.ForAll(garbage.ToArbitrary(), control =>
        {
            // What was read can be written, whatever it is.
            if (!LocalControl.TryRead(control, out var local))
                return true;
            var written = new byte[LocalControl.MostBytes];
            return LocalControl.Write(written, local) <= LocalControl.MostBytes;
        }).Check(Many);
    }

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    [InlineData("fe80::1%3")]
    public void A_message_is_written_as_the_kernel_reads_it(string text)
    {
        var address = IPAddress.Parse(text);
        var isIPv4 = address.GetAddressBytes().Length == 4;
        Span<byte> control = new byte[LocalControl.MostBytes];
        control.Fill(0xEE);

        var length = LocalControl.Write(control, LocalOf(address));

        // An IPv4 message names the source only: the destination is for received datagrams, and the route finds the interface.
        var expected = isIPv4
            ? Message(0, 8, [0, 0, 0, 0, .. address.GetAddressBytes(), 0, 0, 0, 0])
            : Message(41, 50, [.. address.GetAddressBytes(), (byte)address.ScopeId, 0, 0, 0]);
        Assert.Equal(expected, control[..length].ToArray());
    }

    private static LocalAddress LocalOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var isSource = bytes.Length == 4
            ? LocalAddress.TryReadIPv4(bytes, out var local)
            : LocalAddress.TryReadIPv6(bytes, (uint)address.ScopeId, out local);
        Assert.True(isSource);
        return local;
    }

    private static string? Read(byte[] control) => LocalControl.TryRead(control, out var local) ? local.ToString() : null;

    private static byte[] IPv4(string own, string sentTo) =>
        Message(0, 8, [1, 0, 0, 0, .. IPAddress.Parse(own).GetAddressBytes(), .. IPAddress.Parse(sentTo).GetAddressBytes()]);

    private static byte[] IPv6(string sentTo, byte arrivedAt) =>
        Message(41, 50, [.. IPAddress.Parse(sentTo).GetAddressBytes(), arrivedAt, 0, 0, 0]);

    /// <summary>A control message with padding: a header of a length of 8 bytes, level and type, and the value.</summary>
    private static byte[] Message(int level, int type, byte[] value)
    {
        var message = new byte[(16 + value.Length + 7) & -8];
        MemoryMarshal.Write(message, (ulong)(16 + value.Length));
        MemoryMarshal.Write(message.AsSpan(8), level);
        MemoryMarshal.Write(message.AsSpan(12), type);
        value.CopyTo(message, 16);
        return message;
    }

    /// <summary>Overwrites a byte for each change: the high bits are its place, the low ones its value.</summary>
    private static byte[] Spoil(byte[] control, IEnumerable<int> changes)
    {
        foreach (var change in changes.Where(_ => control.Length > 0))
            control[(change >> 8) % control.Length] = (byte)change;
        return control;
    }
}
