namespace Shortline.Protocol.ExternalServers;

/// <summary>A parsed report of an external server. Its spans point into the received bytes.</summary>
public readonly ref struct ExternalReportView
{
    /// <summary>The name that the server gives itself: 1 to 60 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>, without quotes.</summary>
    public ReadOnlySpan<byte> Identity { get; internal init; }

    /// <summary>The UDP port on which it receives requests, 1 to 65535.</summary>
    public int Port { get; internal init; }

    /// <summary>Requests waiting at the server that came from elsewhere; 0 if not given.</summary>
    public int QueueLength { get; internal init; }

    /// <summary>The state of the server; <see cref="ExternalStatus.Ready"/> if not given.</summary>
    public ExternalStatus Status { get; internal init; }

    /// <summary>Share of work relative to the other servers, 0 to 1000; 1 if not given.</summary>
    public int Weight { get; internal init; }

    /// <summary>The IP address that the server says it reports from; empty if not given.</summary>
    public ReadOnlySpan<byte> Address { get; internal init; }

    /// <summary>When the server says that it sent the report, in milliseconds since 1970 (UTC); 0 if not given.</summary>
    public long TimeMs { get; internal init; }

    /// <summary>The content of the member <c>signature</c>; empty if not given.</summary>
    public ReadOnlySpan<byte> Signature { get; internal init; }

    /// <summary>
    /// What the signature is for: all bytes before the name of its member. Empty if other members follow it, which would not be signed.
    /// </summary>
    public ReadOnlySpan<byte> SignedBytes { get; internal init; }

    /// <summary>Requests that it processes at the same time, 1 to 1024; 1 if not given.</summary>
    public int Concurrency { get; internal init; }
}

/// <summary>The state that an external server reports.</summary>
public enum ExternalStatus
{
    /// <summary><c>ready</c>: the server accepts requests.</summary>
    Ready = 0,

    /// <summary><c>draining</c>: the server finishes its requests and accepts no new ones.</summary>
    Draining = 1,

    /// <summary><c>stopped</c>: the server leaves.</summary>
    Stopped = 2,
}
