namespace Shortline.Client;

/// <summary>Where a channel's datagrams go.</summary>
internal interface IDatagramSender
{
    /// <summary>Sends one datagram. Never throws for what networks do. Safe for several threads.</summary>
    SendOutcome Send(ReadOnlySpan<byte> datagram);
}
