using Shortline.Protocol.Json;

namespace Shortline.Protocol.Responses;

/// <summary>Collects the members of a response while <see cref="ResponseParser"/> reads them.</summary>
internal ref struct ResponseMembers()
{
    private ReadOnlySpan<byte> _id;
    private ReadOnlySpan<byte> _serverId;
    private ReadOnlySpan<byte> _result;
    private ReadOnlySpan<byte> _error;
    private ReadOnlySpan<byte> _reason;
    private ReadOnlySpan<byte> _token;
    private ReadOnlySpan<byte> _elapsed;
    private long _clientId = -1;
    private long _queueLength = -1;
    private long _retryAfterMs;
    private ResponseStatus _status;

    public bool HasStatus { get; private set; }

    /// <summary>Stores a member. Returns false if it is a known member of the wrong type.</summary>
    public bool Take(scoped ReadOnlySpan<byte> name, JsonToken value)
    {
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8):
                _id = value.Raw;
                return value.Kind is JsonKind.String or JsonKind.Number;
            case 6 when name.SequenceEqual("status"u8):
                return HasStatus = value.Kind == JsonKind.String && ResponseStatuses.TryParse(value.Content, out _status);
            case 6 when name.SequenceEqual("result"u8):
                _result = value.Raw;
                return true;
            case 9 when name.SequenceEqual("client_id"u8):
                return value.TryInteger(out _clientId) && _clientId >= 0;
            case 9 when name.SequenceEqual("server_id"u8):
                return TakeText(value, ref _serverId);
            case 12 when name.SequenceEqual("queue_length"u8):
                return value.TryInteger(out _queueLength) && _queueLength is >= 0 and <= int.MaxValue;
            case 10 when name.SequenceEqual("elapsed_ms"u8):
                _elapsed = value.Raw;
                return value.Kind == JsonKind.Number;
            case 5 when name.SequenceEqual("error"u8):
                return TakeText(value, ref _error);
            case 5 when name.SequenceEqual("token"u8):
                return TakeText(value, ref _token);
            case 6 when name.SequenceEqual("reason"u8):
                return TakeText(value, ref _reason);
            case 14 when name.SequenceEqual("retry_after_ms"u8):
                return value.TryInteger(out _retryAfterMs) && _retryAfterMs is >= 0 and <= int.MaxValue;
            default:
                return true;
        }
    }

    public readonly ResponseView ToView() => new()
    {
        Id = _id,
        HasClientId = _clientId >= 0,
        ClientId = Math.Max(0, _clientId),
        Status = _status,
        ServerId = _serverId,
        QueueLength = (int)_queueLength,
        Result = _result,
        Error = _error,
        Reason = _reason,
        Token = _token,
        RetryAfterMs = (int)_retryAfterMs,
        Elapsed = _elapsed,
    };

    private static bool TakeText(JsonToken value, ref ReadOnlySpan<byte> text)
    {
        if (value.Kind != JsonKind.String)
            return false;
        text = value.Content;
        return true;
    }
}
