using System.Net;

namespace Shortline.Client.Tcp;

/// <summary>Opens connections to one gateway.</summary>
internal sealed class GatewayDialer(IPEndPoint gateway, Dialing dialing) : IDialer
{
    public TimeSpan Lifetime => Timeout.InfiniteTimeSpan;

    public Task<DialedConnection?> Dial(CancellationToken cancellation) => dialing.Dial(gateway, cancellation);

    public void Served(bool isServed) => dialing.Served(isServed);

    public void Avoid()
    {
        // The slot has one gateway only. The channel goes to another slot.
    }
}
