using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class SendQueueTests
{
    [Theory]
    [InlineData("abab", "aabb")]
    [InlineData("aabab", "aaabb")]
    [InlineData("abcabcabc", "aaabbbccc")]
    [InlineData("abc", "abc")]
    public void Datagrams_to_one_peer_come_together(string before, string after)
    {
        using var queue = Filled(before.Select(peer => peer - 'a'));
        queue.Group();
        Assert.Equal(after, string.Concat(Peers(queue).Select(peer => (char)('a' + peer))));
    }

    [Fact]
    public void No_datagram_is_lost_and_each_peer_has_its_own_in_order()
    {
        Prop.ForAll(Gen.Choose(0, 20).ListOf(64).ToArbitrary(), peers =>
        {
            using var queue = Filled(peers);
            var before = Content(queue);
            queue.Group();
            var after = Content(queue);
            Assert.Equal(before.Count, after.Count);
            foreach (var peer in peers.Distinct())
                Assert.Equal(before.Where(datagram => datagram.Peer == peer), after.Where(datagram => datagram.Peer == peer));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>A queue with one datagram to each of these peers, which holds its own number.</summary>
    private static SendQueue Filled(IEnumerable<int> peers)
    {
        var queue = new SendQueue(capacity: 128);
        byte number = 0;
        foreach (var peer in peers)
        {
            queue.Reserve(1)[0] = number++;
            queue.Commit(Address(peer), 1);
        }

        return queue;
    }

    private static List<int> Peers(SendQueue queue) => Content(queue).ConvertAll(datagram => datagram.Peer);

    private static List<(int Peer, byte Number)> Content(SendQueue queue)
    {
        List<(int, byte)> content = [];
        for (var i = 0; i < queue.Count; i++)
            content.Add((queue.Peer(i).Port - 1000, queue.Datagram(i)[0]));
        return content;
    }

    private static PeerAddress Address(int peer) => PeerAddress.From(new IPEndPoint(IPAddress.Loopback, 1000 + peer));
}
