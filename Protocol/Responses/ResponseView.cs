using System.Buffers.Text;
using Shortline.Protocol.Json;

namespace Shortline.Protocol.Responses;

/// <summary>A parsed response. Its spans point into the received bytes.</summary>
public readonly ref struct ResponseView
{
    /// <summary>Creates an empty response.</summary>
    public ResponseView()
    {
    }

    /// <summary>The id of the request as a raw JSON token; empty if not given.</summary>
    public ReadOnlySpan<byte> Id { get; internal init; }

    /// <summary>The id of the request if it is an integer, otherwise null.</summary>
    public long? IntegerId => Utf8Parser.TryParse(Id, out long id, out var consumed) && consumed == Id.Length ? id : null;

    /// <summary>Whether the response contains a client id.</summary>
    public bool HasClientId { get; internal init; }

    /// <summary>The id of the client; 0 if not given.</summary>
    public long ClientId { get; internal init; }

    /// <summary>How the request ended.</summary>
    public ResponseStatus Status { get; internal init; }

    /// <summary>The id of the server that answered, with JSON escapes; empty if not given. See <see cref="ServerIdText"/>.</summary>
    public ReadOnlySpan<byte> ServerId { get; internal init; }

    /// <summary>Requests waiting at that server; -1 if not given.</summary>
    public int QueueLength { get; internal init; }

    /// <summary>The result as a raw JSON value; empty if not given.</summary>
    public ReadOnlySpan<byte> Result { get; internal init; }

    /// <summary>The error message, with JSON escapes; empty if not given. See <see cref="ErrorText"/>.</summary>
    public ReadOnlySpan<byte> Error { get; internal init; }

    /// <summary>
    /// The reason for which the request was rejected, with JSON escapes; empty if not given. See <see cref="ReasonText"/>.
    /// </summary>
    public ReadOnlySpan<byte> Reason { get; internal init; }

    /// <summary>The token to repeat the request with, with JSON escapes; empty if not given.</summary>
    public ReadOnlySpan<byte> Token { get; internal init; }

    /// <summary>Milliseconds after which the client may send the request again; 0 if not given.</summary>
    public int RetryAfterMs { get; internal init; }

    /// <summary>Milliseconds from the arrival at the gateway to the response; NaN if not given.</summary>
    public double ElapsedMs => Utf8Parser.TryParse(Elapsed, out double value, out var consumed) && consumed > 0 ? value : double.NaN;

    internal ReadOnlySpan<byte> Elapsed { get; init; }

    /// <summary><see cref="Error"/> as text. Allocates.</summary>
    public string ErrorText() => JsonText.ToText(Error);

    /// <summary><see cref="ServerId"/> as text. Allocates.</summary>
    public string ServerIdText() => JsonText.ToText(ServerId);

    /// <summary><see cref="Reason"/> as text. Allocates.</summary>
    public string ReasonText() => JsonText.ToText(Reason);
}
