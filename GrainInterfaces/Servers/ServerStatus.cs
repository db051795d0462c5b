namespace Shortline.GrainInterfaces;

/// <summary>What a server is doing. The order is that of a server's life.</summary>
public enum ServerStatus
{
    /// <summary>Activated, not started: accepts nothing.</summary>
    Starting = 0,

    /// <summary>Accepts work.</summary>
    Ready = 1,

    /// <summary>Takes no new work, finishes what it has.</summary>
    Draining = 2,

    /// <summary>Drained: has nothing and takes nothing.</summary>
    Stopped = 3,

    /// <summary>
    /// All its workers hang: their requests expired and their handlers did not return. Of an external server: it is silent; it is
    /// <see cref="Ready"/> again when it speaks.
    /// </summary>
    Failed = 4,
}
