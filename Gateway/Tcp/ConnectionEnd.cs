namespace Shortline.Gateway;

/// <summary>Why the gateway, and not the client, ended a connection.</summary>
internal enum ConnectionEnd
{
    /// <summary>There were as many as there may be.</summary>
    TurnedAway,

    /// <summary>Nothing happened on it.</summary>
    Idle,

    /// <summary>Its answers were not read.</summary>
    Unread,

    /// <summary>What it sent was no command, or one that is for somebody else.</summary>
    BadCommand,
}
