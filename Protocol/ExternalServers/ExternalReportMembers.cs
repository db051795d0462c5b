using Shortline.Protocol.Json;

namespace Shortline.Protocol.ExternalServers;

/// <summary>Collects the members of a report while <see cref="ExternalReportParser"/> reads them.</summary>
internal ref struct ExternalReportMembers(ReadOnlySpan<byte> report)
{
    private readonly ReadOnlySpan<byte> _report = report;
    private ReadOnlySpan<byte> _identity;
    private ReadOnlySpan<byte> _address;
    private ReadOnlySpan<byte> _signature;
    private ReadOnlySpan<byte> _signed;
    private long _timeMs;
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
            TakeProof(name.Content, value);
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
        Address = _address,
        TimeMs = _timeMs,
        Signature = _signature,
        SignedBytes = _signed,
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

    /// <summary>
    /// Takes what a signed report has in addition. Members of other types count as not given, because earlier reports might have members of
    /// these names.
    /// </summary>
    private void TakeProof(scoped ReadOnlySpan<byte> name, JsonToken value)
    {
        _signed = default;
        if (name.SequenceEqual("address"u8) && value.Kind == JsonKind.String)
            _address = value.Content;
        else if (name.SequenceEqual("time"u8) && value.TryInteger(out var time))
            _timeMs = time;
        else if (name.SequenceEqual("signature"u8) && value.Kind == JsonKind.String && _report.Overlaps(name, out var at))
        {
            _signature = value.Content;
            _signed = _report[..(at - 1)]; // without the quote before the name
        }
    }

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
