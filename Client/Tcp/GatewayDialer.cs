using System.Net;
using System.Net.Sockets;

namespace Shortline.Client.Tcp;

/// <summary>Opens connections to one gateway.</summary>
internal sealed class GatewayDialer(IPEndPoint gateway, TimeProvider time) : IDialer
{
    public TimeSpan Lifetime => Timeout.InfiniteTimeSpan;

    public Task<Socket?> Dial(CancellationToken cancellation) => Dialing.Dial(gateway, time, cancellation);

    public void Avoid()
    {
        // The slot has one gateway only. The channel goes to another slot.
    }
}
