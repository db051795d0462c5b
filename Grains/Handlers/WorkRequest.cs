using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Shortline.Grains.Handlers;

/// <summary>A request as its handler sees it.</summary>
/// <param name="operation">The name the handler is registered under.</param>
/// <param name="id">The id's raw JSON token.</param>
/// <param name="payload">The payload's raw JSON.</param>
/// <param name="clientId">The client.</param>
/// <param name="deadline">The timestamp of <paramref name="time"/> at which the time of the request is over.</param>
/// <param name="time">The clock that the deadline is measured with.</param>
/// <param name="serverId">The server that runs it.</param>
public readonly struct WorkRequest(
    string operation, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> payload, long clientId, long deadline, TimeProvider time, string serverId = "")
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The name the handler is registered under.</summary>
    public string Operation { get; } = operation;

    /// <summary>The payload as raw JSON, checked to be one value; empty if the request has none.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>
    /// The request's id as the client sent it: a raw JSON token, so <c>42</c> and <c>"42"</c> differ. The id and <see cref="ClientId"/> are
    /// the same for every repeat of a request. Together they are the key for a handler that must not do its work twice.
    /// </summary>
    public ReadOnlyMemory<byte> Id { get; } = id;

    /// <summary>The client, or 0 if it did not say.</summary>
    public long ClientId { get; } = clientId;

    /// <summary>The id of the server that runs it.</summary>
    public string ServerId { get; } = serverId;

    /// <summary>The time that is left until the request's deadline; zero after it.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Reads the payload as a <typeparamref name="T"/>: property names match in any case, and numbers may be strings.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="invalid">On failure the outcome that says what is wrong, to be returned as it is.</param>
    /// <returns>Whether there is a payload and it is a <typeparamref name="T"/>.</returns>
    public bool TryRead<T>([NotNullWhen(true)] out T? payload, out WorkOutcome invalid) =>
        TryRead((JsonTypeInfo<T>)Lenient.GetTypeInfo(typeof(T)), out payload, out invalid);

    /// <summary>Reads the payload as a <typeparamref name="T"/> by the given rules, source-generated ones for example.</summary>
    /// <param name="type">The rules.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="invalid">On failure the outcome that says what is wrong, to be returned as it is.</param>
    /// <returns>Whether there is a payload and it is a <typeparamref name="T"/>.</returns>
    public bool TryRead<T>(JsonTypeInfo<T> type, [NotNullWhen(true)] out T? payload, out WorkOutcome invalid)
    {
        payload = default;
        if (Payload.IsEmpty)
        {
            invalid = WorkOutcome.Invalid($"'{Operation}' needs a payload");
            return false;
        }

        try
        {
            payload = JsonSerializer.Deserialize(Payload.Span, type);
            invalid = payload is null ? WorkOutcome.Invalid($"'{Operation}' needs a payload that is not null") : WorkOutcome.Ok;
            return payload is not null;
        }
        catch (JsonException fault)
        {
            // Not the exception's own message, which names types that the client must not see.
            invalid = WorkOutcome.Invalid($"the payload of '{Operation}' is wrong at {fault.Path ?? "$"}");
            return false;
        }
    }
}
