namespace Shortline.GrainInterfaces;

/// <summary>Why a server did not take a request. It has not run.</summary>
public enum RejectReason
{
    /// <summary>It was taken.</summary>
    None = 0,

    /// <summary>The server's queue is full.</summary>
    QueueFull = 1,

    /// <summary>The server is draining or stopped.</summary>
    Draining = 2,

    /// <summary>Nobody started this activation of the server.</summary>
    NotStarted = 3,

    /// <summary>The server had it and gives it back, because others have shorter queues.</summary>
    Shared = 4,
}
