using System.Buffers.Text;

namespace Shortline.Protocol;

/// <summary>A response as it lies in its datagram: spans into the received bytes.</summary>
public readonly ref struct ResponseView
{
    /// <summary>A response without anything.</summary>
    public ResponseView()
    {
    }

    /// <summary>The id as it came, a raw JSON token; empty if there is none.</summary>
    public ReadOnlySpan<byte> Id { get; internal init; }

    /// <summary>The id, if it is an integer; else null.</summary>
    public long? IntegerId => Utf8Parser.TryParse(Id, out long id, out var consumed) && consumed == Id.Length ? id : null;

    /// <summary>Whether it names the client.</summary>
    public bool HasClientId { get; internal init; }

    /// <summary>The client, or 0.</summary>
    public long ClientId { get; internal init; }

    /// <summary>How the request ended.</summary>
    public ResponseStatus Status { get; internal init; }

    /// <summary>The server that answered, its escapes as they came; empty if none did.</summary>
    public ReadOnlySpan<byte> ServerId { get; internal init; }

    /// <summary>Requests waiting at that server, or -1.</summary>
    public int QueueLength { get; internal init; }

    /// <summary>The result, a raw JSON value; empty if there is none.</summary>
    public ReadOnlySpan<byte> Result { get; internal init; }

    /// <summary>What is wrong, its escapes as they came; empty if there is none. See <see cref="ErrorText"/>.</summary>
    public ReadOnlySpan<byte> Error { get; internal init; }

    /// <summary>Why it was rejected, its escapes as they came; empty if it does not say.</summary>
    public ReadOnlySpan<byte> Reason { get; internal init; }

    /// <summary>Milliseconds after which it may be sent again; 0 if it does not say.</summary>
    public int RetryAfterMs { get; internal init; }

    /// <summary>Milliseconds from arrival at the gateway to the answer; NaN if it does not say.</summary>
    public double ElapsedMs => Utf8Parser.TryParse(Elapsed, out double value, out var consumed) && consumed > 0 ? value : double.NaN;

    internal ReadOnlySpan<byte> Elapsed { get; init; }

    /// <summary><see cref="Error"/> as text. Allocates.</summary>
    public string ErrorText() => JsonText.ToText(Error);

    /// <summary><see cref="ServerId"/> as text. Allocates.</summary>
    public string ServerIdText() => JsonText.ToText(ServerId);

    /// <summary><see cref="Reason"/> as text. Allocates.</summary>
    public string ReasonText() => JsonText.ToText(Reason);
}
