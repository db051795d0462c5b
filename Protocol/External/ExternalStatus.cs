namespace Shortline.Protocol;

/// <summary>What a server that is not a grain says of itself.</summary>
public enum ExternalStatus
{
    /// <summary><c>ready</c>: it takes requests.</summary>
    Ready = 0,

    /// <summary><c>draining</c>: it finishes what it has and takes nothing new.</summary>
    Draining = 1,

    /// <summary><c>stopped</c>: it leaves.</summary>
    Stopped = 2,
}
