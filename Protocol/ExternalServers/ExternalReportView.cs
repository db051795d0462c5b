namespace Shortline.Protocol;

/// <summary>A report of a server that is not a grain, as it lies in its datagram or line.</summary>
public readonly ref struct ExternalReportView
{
    /// <summary>Its name for itself: 1 to 60 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>, without quotes.</summary>
    public ReadOnlySpan<byte> Identity { get; internal init; }

    /// <summary>The UDP port where it takes requests, 1 to 65535.</summary>
    public int Port { get; internal init; }

    /// <summary>Requests that wait there and came from elsewhere; 0 if it does not say.</summary>
    public int QueueLength { get; internal init; }

    /// <summary>What it is doing; <see cref="ExternalStatus.Ready"/> if it does not say.</summary>
    public ExternalStatus Status { get; internal init; }

    /// <summary>Share of work relative to the others, 0 to 1000; 1 if it does not say.</summary>
    public int Weight { get; internal init; }

    /// <summary>Requests it works on at once, 1 to 1024; 1 if it does not say.</summary>
    public int Concurrency { get; internal init; }
}

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
