using System.Runtime.CompilerServices;

namespace Shortline.LocalEngine;

/// <summary>
/// Structs with numbered members, one behind the other: once the tags of all members (the schema), then the values, row by row,
/// without tags.
/// </summary>
internal sealed class Rows<T>
{
    private static readonly ReadMembers<T>[] Skip =
        [.. Enum.GetValues<WireKind>().Select(kind => (ReadMembers<T>)((reader, ref _) => Tags.Skip(reader, kind)))];

    private readonly IReadOnlyList<Member> _members;
    private readonly Lazy<ReadMembers<T>[]> _columns;
    private readonly byte[] _schema;
    private readonly Func<T>? _new = RecordCode<T>.New();
    private readonly WriteMembers<T> _write;
    private readonly ReadMembers<T> _read;

    private Rows(IReadOnlyList<Member> members)
    {
        _members = members;
        _write = RecordCode<T>.WriteRow(members);
        _read = RecordCode<T>.ReadRow(members);
        _columns = new(() => [.. members.Select(member => RecordCode<T>.ReadRow([member]))]);
        var schema = new WireWriter();
        schema.WriteVarUInt((uint)members.Count);
        foreach (var member in members)
        {
            schema.WriteVarUInt(member.Tag);
        }

        _schema = schema.Written.ToArray();
    }

    /// <summary>Null if values of the type go one by one.</summary>
    public static Rows<T>? TryCreate() =>
        typeof(T).IsValueType && Members.HasMembers(typeof(T)) && Members.Of(typeof(T)) is { Count: > 0 } members ? new Rows<T>(members) : null;

    public void Write(WireWriter writer, ReadOnlySpan<T> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        writer.WriteBytes(_schema);
        foreach (ref readonly var row in rows)
        {
            _write(writer, ref Unsafe.AsRef(in row));
        }
    }

    public T[] Read(WireReader reader, int count)
    {
        // The same bytes are the same schema: they begin with how many tags follow, and each tag says where it ends.
        var columns = reader.TryTake(_schema) ? null : ReadSchema(reader);
        if ((long)count * (columns?.Length ?? _members.Count) > reader.Remaining)
        {
            throw new WireFormatException($"{count} rows are more than there is.");
        }

        var rows = new T[count];
        foreach (ref var row in rows.AsSpan())
        {
            if (_new is not null)
            {
                row = _new();
            }

            if (columns is null)
            {
                _read(reader, ref row);
                continue;
            }

            foreach (var column in columns)
            {
                column(reader, ref row);
            }
        }

        return rows;
    }

    /// <summary>The columns of another version: each read into its member, or passed over.</summary>
    private ReadMembers<T>[] ReadSchema(WireReader reader)
    {
        var columns = new ReadMembers<T>[reader.ReadCount(smallest: 1)];
        if (columns.Length == 0)
        {
            throw new WireFormatException("Rows have no columns.");
        }

        foreach (ref var column in columns.AsSpan())
        {
            column = ColumnOf(Tags.Read(reader));
        }

        return columns;
    }

    private ReadMembers<T> ColumnOf(uint tag)
    {
        for (var index = 0; index < _members.Count; index++)
        {
            Tags.ThrowIfOfOtherKind(tag, _members[index]);
            if (_members[index].Tag == tag)
            {
                return _columns.Value[index];
            }
        }

        return Skip[(int)Member.KindOf(tag)];
    }
}
