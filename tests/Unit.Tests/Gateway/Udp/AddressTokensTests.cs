using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.Udp;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Gateway.Udp;

public class AddressTokensTests
{
    private static readonly PeerAddress Peer = At("192.0.2.1", 40000);

    private readonly FakeTimeProvider _time = new();
    private readonly AddressTokens _tokens;

    public AddressTokensTests() => _tokens = new AddressTokens(_time);

    [Fact]
    public void A_token_is_valid_for_the_address_and_port_that_it_was_made_for()
    {
        var token = TokenOf(Peer);

        Assert.True(_tokens.IsValid(token, Peer));
        Assert.False(_tokens.IsValid(token, At("192.0.2.1", 40001)));
        Assert.False(_tokens.IsValid(token, At("192.0.2.2", 40000)));
        Assert.False(_tokens.IsValid(token, At("2001:db8::1", 40000)));
    }

    [Fact]
    public void A_token_of_an_IPv6_address_is_valid_for_it_alone()
    {
        var peer = At("2001:db8::1", 40000);
        var token = TokenOf(peer);

        Assert.True(_tokens.IsValid(token, peer));
        Assert.False(_tokens.IsValid(token, At("2001:db8::2", 40000)));
    }

    [Fact]
    public void The_local_address_that_was_asked_does_not_matter()
    {
        var token = TokenOf(Peer);

        Assert.True(_tokens.IsValid(token, Peer.Received(PeerAddress.IPv4Length, local: 3)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7.5)]
    [InlineData(9.5)]
    public void A_token_is_valid_for_its_lifetime_whenever_the_key_changes(double madeAtMinute)
    {
        _time.Advance(TimeSpan.FromMinutes(madeAtMinute));
        var token = TokenOf(Peer);

        _time.Advance(AddressTokens.Lifetime);
        Assert.True(_tokens.IsValid(token, Peer));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(_tokens.IsValid(token, Peer));
    }

    [Fact]
    public void An_old_token_is_not_valid_again_when_the_time_in_it_comes_round()
    {
        var token = TokenOf(Peer);

        // The time has 16 bits and counts units of ten seconds.
        _time.Advance(TimeSpan.FromSeconds(10) * 65_536);

        Assert.False(_tokens.IsValid(token, Peer));
        Assert.NotEqual(token, TokenOf(Peer));
    }

    [Fact]
    public void A_token_with_any_changed_character_is_not_valid()
    {
        var token = TokenOf(Peer);

        // The last character has only two bits that count.
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = token.ToArray();
            changed[i] = (byte)(changed[i] == 'A' ? 'B' : 'A');
            Assert.False(_tokens.IsValid(changed, Peer), Encoding.ASCII.GetString(changed));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("======================")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4")]
    public void Other_text_is_not_valid(string text) => Assert.False(_tokens.IsValid(Encoding.UTF8.GetBytes(text), Peer));

    [Fact]
    public void A_token_of_another_process_is_not_valid()
    {
        var other = new AddressTokens(_time);
        var token = new byte[AddressTokens.Length];
        other.Write(token, Peer);

        Assert.False(_tokens.IsValid(token, Peer));
    }

    [Fact]
    public void A_token_needs_no_escapes_in_JSON() =>
        Assert.All(TokenOf(Peer), letter => Assert.True(char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'-' or (byte)'_'));

    [Fact]
    public void Neither_making_nor_checking_a_token_allocates()
    {
        var token = TokenOf(Peer);

        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _tokens.Write(token, Peer);
                Assert.True(_tokens.IsValid(token, Peer));
            }
        }));
    }

    private static PeerAddress At(string address, int port) => PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), port));

    private byte[] TokenOf(in PeerAddress peer)
    {
        var token = new byte[AddressTokens.Length];
        _tokens.Write(token, peer);
        return token;
    }
}
