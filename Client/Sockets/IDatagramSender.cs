namespace Shortline.Client;

/// <summary>Where a channel's datagrams go.</summary>
internal interface IDatagramSender
{
    /// <summary>The gateways that there are; 0 is the client's own, those behind it stand in for it.</summary>
    int Gateways { get; }

    /// <summary>Sends one datagram. Never throws for what networks do. Safe for several threads.</summary>
    SendOutcome Send(int gateway, ReadOnlySpan<byte> datagram);
}
