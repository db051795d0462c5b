using System.Net.Sockets;

namespace Shortline.Client;

/// <summary>Opens the connections of one seat: always to the same place, or to where somebody is now.</summary>
internal interface IDialer
{
    /// <summary>How long a connection gets new requests before another one is opened, perhaps to somebody else; infinite if there is nobody else.</summary>
    TimeSpan Stay { get; }

    /// <summary>Opens one.</summary>
    /// <returns>An open socket; null if nobody is there in time.</returns>
    Task<Socket?> Dial(CancellationToken cancellation);

    /// <summary>Whoever was dialled last is not wanted for a while.</summary>
    void Avoid();
}
