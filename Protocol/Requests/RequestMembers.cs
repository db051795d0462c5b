using Shortline.Protocol.Json;

namespace Shortline.Protocol.Requests;

/// <summary>Collects the members of a request while <see cref="RequestParser"/> reads them.</summary>
internal ref struct RequestMembers
{
    public ReadOnlySpan<byte> Id;
    private ReadOnlySpan<byte> _operation;
    private ReadOnlySpan<byte> _payload;
    private ReadOnlySpan<byte> _token;
    private long _clientId;
    private int _timeoutMs;
    private bool _hasClientId;
    private bool _notIdempotent;
    private bool _isAnswer;
    private int _priorityOffset;
    private Member _seen;
    private InvalidReason _fault;

    [Flags]
    private enum Member
    {
        Unknown = 0,
        Id = 1,
        ClientId = 2,
        Operation = 4,
        Payload = 8,
        TimeoutMs = 16,
        Idempotent = 32,
        Status = 64,
        Priority = 128,
        Token = 256,
    }

    /// <summary>Reads all members. Continues after an invalid one, because the id may follow it and the answer needs the id.</summary>
    public InvalidReason Read(ref JsonScanner scanner)
    {
        var first = true;
        while (scanner.NextMember(ref first, out var name))
        {
            if (!scanner.TryValue(out var value, depth: 1))
                break;
            var member = name.Escaped ? RecogniseEscaped(name.Content) : Recognise(name.Content);
            if (member == Member.Status)
                _isAnswer = true;
            if (member == Member.Token)
                _token = value.Kind == JsonKind.String ? value.Content : default;
            if (member is Member.Unknown or Member.Status or Member.Token)
                continue;
            if ((_seen & member) != Member.Unknown)
                Note(InvalidReason.DuplicateMember);
            else if (value.Kind != JsonKind.Null)
                Note(Take(member, value));
            _seen |= member;
        }

        if (scanner.Fault != JsonFault.None)
            return scanner.Fault == JsonFault.TooDeep ? InvalidReason.TooDeep : InvalidReason.NotJson;
        if (!scanner.AtEnd())
            return InvalidReason.TrailingText;
        if (_fault != InvalidReason.None)
            return _fault;
        if (Id.IsEmpty)
            return InvalidReason.MissingId;
        return _operation.IsEmpty ? InvalidReason.MissingOperation : InvalidReason.None;
    }

    public readonly RequestView ToView() => new()
    {
        Id = Id,
        HasClientId = _hasClientId,
        ClientId = _clientId,
        Operation = _operation,
        Payload = _payload,
        TimeoutMs = _timeoutMs,
        Idempotent = !_notIdempotent,
        IsAnswer = _isAnswer,
        Token = _token,
        Priority = RequestParser.UsualPriority + _priorityOffset,
    };

    private static Member RecogniseEscaped(ReadOnlySpan<byte> name)
    {
        Span<byte> plain = stackalloc byte[64];
        return name.Length <= plain.Length ? Recognise(plain[..JsonText.Unescape(name, plain)]) : Member.Unknown;
    }

    private static Member Recognise(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => Member.Id,
        5 when name.SequenceEqual("token"u8) => Member.Token,
        6 when name.SequenceEqual("status"u8) => Member.Status,
        7 when name.SequenceEqual("payload"u8) => Member.Payload,
        8 when name.SequenceEqual("priority"u8) => Member.Priority,
        9 when name.SequenceEqual("client_id"u8) => Member.ClientId,
        9 when name.SequenceEqual("operation"u8) => Member.Operation,
        10 when name.SequenceEqual("timeout_ms"u8) => Member.TimeoutMs,
        10 when name.SequenceEqual("idempotent"u8) => Member.Idempotent,
        _ => Member.Unknown,
    };

    private static bool IsId(JsonToken value) => value.Kind == JsonKind.String
        ? value.Content.Length is >= 1 and <= RequestParser.MaxIdCharacters || IsLongId(value.Content)
        : value.TryInteger(out _);

    private static bool IsLongId(ReadOnlySpan<byte> content) =>
        content.Length is > RequestParser.MaxIdCharacters and <= RequestParser.MaxIdLength - 2 && CountCharacters(content) <= RequestParser.MaxIdCharacters;

    private static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var unit in utf8)
            count += (unit & 0xC0) != 0x80 ? 1 : 0; // counts every byte that does not continue a character
        return count;
    }

    private InvalidReason Take(Member member, JsonToken value)
    {
        switch (member)
        {
            case Member.Id when IsId(value):
                Id = value.Raw;
                return InvalidReason.None;
            case Member.Id:
                return InvalidReason.BadId;
            case Member.ClientId when value.TryInteger(out var clientId) && clientId >= 0:
                _clientId = clientId;
                _hasClientId = true;
                return InvalidReason.None;
            case Member.ClientId:
                return InvalidReason.BadClientId;
            case Member.Operation when value.Kind == JsonKind.String && RequestParser.IsOperation(value.Content):
                _operation = value.Content;
                return InvalidReason.None;
            case Member.Operation:
                return InvalidReason.BadOperation;
            case Member.TimeoutMs when value.TryInteger(out var timeout) && timeout is >= 1 and <= int.MaxValue:
                _timeoutMs = (int)timeout;
                return InvalidReason.None;
            case Member.TimeoutMs:
                return InvalidReason.BadTimeout;
            case Member.Idempotent when value.Kind is JsonKind.True or JsonKind.False:
                _notIdempotent = value.Kind == JsonKind.False;
                return InvalidReason.None;
            case Member.Idempotent:
                return InvalidReason.BadIdempotent;
            case Member.Priority when value.TryInteger(out var priority) && priority is >= 0 and <= RequestParser.HighestPriority:
                _priorityOffset = (int)priority - RequestParser.UsualPriority;
                return InvalidReason.None;
            case Member.Priority:
                return InvalidReason.BadPriority;
            default:
                _payload = value.Raw;
                return InvalidReason.None;
        }
    }

    private void Note(InvalidReason fault)
    {
        if (_fault == InvalidReason.None)
            _fault = fault;
    }
}
