namespace Shortline.Client;

/// <summary>What the end of a connection says of the requests on it that are not answered.</summary>
internal enum ConnectionEnd
{
    /// <summary>It could not be opened: none was sent.</summary>
    NotOpened,

    /// <summary>It was turned away: none has run.</summary>
    TurnedAway,

    /// <summary>It broke: each of them may have run.</summary>
    Broken,
}
