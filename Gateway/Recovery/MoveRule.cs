using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Recovery;

/// <summary>Why requests leave a server, and what follows from that.</summary>
internal sealed class MoveRule
{
    /// <summary>The server is gone, with all that it had.</summary>
    public static readonly MoveRule Gone = new() { LostText = "its server is gone; it may have run"u8.ToArray(), IsLogged = true };

    /// <summary>The server has restarted and does not know the requests of its former activation.</summary>
    public static readonly MoveRule Restarted = new() { LostText = Gone.LostText, MayReturn = true, IsLogged = true };

    /// <summary>The call with these requests failed. What the server had before is another matter: it may be working on it.</summary>
    public static readonly MoveRule CallFailed = new() { LostText = "the call to its server failed; it may have run"u8.ToArray(), IsLogged = true };

    /// <summary>The call with these requests did not reach the server.</summary>
    public static readonly MoveRule CallRefused = new() { NothingRan = true, IsLogged = true };

    /// <summary>The call with these requests, or its response, was lost on its way. The server itself is there.</summary>
    public static readonly MoveRule CallLost = new() { IsLimited = true, MayReturn = true };

    /// <summary>The server does not respond. It may still work, so requests that must not run twice stay.</summary>
    public static readonly MoveRule Silent = new() { IsLimited = true, NeedsAnother = true };

    /// <summary>The server responds and completes nothing. Others may be slow too, so the retry budget limits what they get.</summary>
    public static readonly MoveRule Stalled = new() { IsLimited = true, NeedsAnother = true, UsesRetryBudget = true };

    /// <summary>Whether the requests have certainly not run.</summary>
    public bool NothingRan { get; private init; }

    /// <summary>
    /// The error for requests that may have run and must not run twice. They are answered <c>lost</c>; null if they stay, because their
    /// server may still answer.
    /// </summary>
    public byte[]? LostText { get; private init; }

    /// <summary>Whether the same server may get them again.</summary>
    public bool MayReturn { get; private init; }

    /// <summary>
    /// Whether <see cref="LoadBalancerSettings.Attempts"/> limits it: a request that makes every handler hang would otherwise block the whole fleet.
    /// </summary>
    public bool IsLimited { get; private init; }

    /// <summary>Whether requests stay if there is no other server.</summary>
    public bool NeedsAnother { get; private init; }

    /// <summary>Whether the retry budget limits it.</summary>
    public bool UsesRetryBudget { get; private init; }

    /// <summary>Whether a log message tells of it.</summary>
    public bool IsLogged { get; private init; }
}
