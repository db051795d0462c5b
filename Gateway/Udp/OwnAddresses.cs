using System.Net;
using System.Net.NetworkInformation;
using Shortline.Hosting.Ports;

namespace Shortline.Gateway.Udp;

/// <summary>
/// The addresses and the port at which this gateway itself receives datagrams. A datagram that comes from there has a forged source: an answer
/// to it would come back. Thread-safe.
/// </summary>
/// <param name="local">The address and port that the gateway is bound to.</param>
/// <param name="time">The clock.</param>
internal sealed class OwnAddresses(IPEndPoint local, TimeProvider time)
{
    /// <summary>How long the addresses of the machine are kept. Its networks seldom change.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private volatile HashSet<PeerAddress> _addresses = Read(local);
    private long _readAt = time.GetTimestamp();

    /// <summary>Whether a datagram comes from this gateway itself. Costs a comparison, unless the port is the same.</summary>
    public bool Contains(in PeerAddress peer) => peer.Port == local.Port && !peer.IsConnection && Current().Contains(peer);

    private HashSet<PeerAddress> Current()
    {
        var readAt = Volatile.Read(ref _readAt);
        if (time.GetElapsedTime(readAt) > Kept && Interlocked.CompareExchange(ref _readAt, time.GetTimestamp(), readAt) == readAt)
            _addresses = Read(local);
        return _addresses;
    }

    private static HashSet<PeerAddress> Read(IPEndPoint local)
    {
        if (!WildcardAddress.Is(local.Address))
            return [PeerAddress.From(local)];
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                    .Select(own => PeerAddress.From(new IPEndPoint(own.Address, local.Port))),
            ];
        }
        catch (NetworkInformationException)
        {
            // The networks of this machine cannot be listed. Answers are recognised by what they contain as well.
            return [];
        }
    }
}
