namespace Shortline.LocalEngine;

/// <summary>
/// A type with numbered members: each with its tag, so that versions of the type that have more or fewer of them understand each other.
/// </summary>
internal sealed class RecordFormat<T> : Format<T>
{
    private static readonly bool MayBeNull = !typeof(T).IsValueType;
    private static readonly bool MayBeDerivedFrom = !typeof(T).IsSealed;

    private readonly Func<T>? _new = RecordCode<T>.New();
    private readonly WriteMembers<T> _write;
    private readonly ReadMembers<T> _read;

    public RecordFormat()
    {
        var members = Members.Of(typeof(T));
        _write = RecordCode<T>.WriteTagged(members);
        _read = RecordCode<T>.ReadTagged(members);
    }

    public override void Write(WireWriter writer, T value)
    {
        // A struct would be boxed to be compared with null where code is not optimized.
        if (MayBeNull && value is null)
        {
            writer.WriteNull();
            return;
        }

        if (MayBeDerivedFrom && value!.GetType() != typeof(T))
        {
            throw new NotSupportedException($"A {value.GetType()} cannot go to another process as a {typeof(T)}.");
        }

        var opened = writer.Open();
        _write(writer, ref value);
        writer.Close(opened);
    }

    public override T Read(WireReader reader)
    {
        if (!reader.TryOpen(out var outer))
        {
            return MayBeNull ? default! : throw new WireFormatException($"A {typeof(T)} came as null.");
        }

        var value = _new is null ? default! : _new();
        _read(reader, ref value);
        reader.Close(outer);
        return value;
    }
}
