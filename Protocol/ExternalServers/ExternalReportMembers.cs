using Shortline.Protocol.Json;

namespace Shortline.Protocol.ExternalServers;

/// <summary>Collects the members of a report while <see cref="ExternalReportParser"/> reads them.</summary>
internal ref struct ExternalReportMembers()
{
    private ReadOnlySpan<byte> _identity;
    private long _port;
    private long _queueLength;
    private long _weight = 1;
    private long _concurrency = 1;
    private ExternalStatus _status;
    private int _seen;

    /// <summary>Reads all members. Stops at the first invalid one.</summary>
    public ExternalFault Read(ref JsonScanner scanner)
    {
        var first = true;
        while (scanner.NextMember(ref first, out var name))
        {
            if (!scanner.TryValue(out var value, depth: 1))
                return ExternalFault.NotAnObject;
            if (Take(name.Content, value) is var fault and not ExternalFault.None)
                return fault;
        }

        if (scanner.Fault != JsonFault.None || !scanner.AtEnd())
            return ExternalFault.NotAnObject;
        if (_identity.IsEmpty)
            return ExternalFault.BadIdentity;
        return _port == 0 ? ExternalFault.BadPort : ExternalFault.None;
    }

    public readonly ExternalReportView ToView() => new()
    {
        Identity = _identity,
        Port = (int)_port,
        QueueLength = (int)_queueLength,
        Status = _status,
        Weight = (int)_weight,
        Concurrency = (int)_concurrency,
    };

    private ExternalFault Take(scoped ReadOnlySpan<byte> name, JsonToken value) => name.Length switch
    {
        8 when name.SequenceEqual("identity"u8) => Note(1, value, TakeIdentity(value), ExternalFault.BadIdentity),
        4 when name.SequenceEqual("port"u8) => Note(2, value, TakeNumber(value, 1, 65_535, ref _port), ExternalFault.BadPort),
        12 when name.SequenceEqual("queue_length"u8) =>
            Note(4, value, TakeNumber(value, 0, int.MaxValue, ref _queueLength), ExternalFault.BadQueueLength),
        6 when name.SequenceEqual("status"u8) => Note(8, value, TakeStatus(value), ExternalFault.BadStatus),
        6 when name.SequenceEqual("weight"u8) => Note(16, value, TakeNumber(value, 0, 1000, ref _weight), ExternalFault.BadWeight),
        11 when name.SequenceEqual("concurrency"u8) =>
            Note(32, value, TakeNumber(value, 1, 1024, ref _concurrency), ExternalFault.BadConcurrency),
        _ => ExternalFault.None,
    };

    private ExternalFault Note(int member, JsonToken value, bool taken, ExternalFault fault)
    {
        var twice = (_seen & member) != 0;
        _seen |= member;
        if (twice)
            return ExternalFault.DuplicateMember;
        return taken || value.Kind == JsonKind.Null ? ExternalFault.None : fault;
    }

    private bool TakeIdentity(JsonToken value)
    {
        var allowed = value.Kind == JsonKind.String && ExternalReportParser.IsIdentity(value.Content);
        if (allowed)
            _identity = value.Content;
        return allowed;
    }

    private bool TakeStatus(JsonToken value)
    {
        if (value.Kind != JsonKind.String)
            return false;
        if (value.Content.SequenceEqual("draining"u8))
            _status = ExternalStatus.Draining;
        else if (value.Content.SequenceEqual("stopped"u8))
            _status = ExternalStatus.Stopped;
        else
            return value.Content.SequenceEqual("ready"u8);
        return true;
    }

    private static bool TakeNumber(JsonToken value, long least, long most, ref long number)
    {
        if (!value.TryInteger(out var read) || read < least || read > most)
            return false;
        number = read;
        return true;
    }
}
