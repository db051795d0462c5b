namespace Shortline.LocalEngine;

/// <summary>Values one behind the other, after their number. Structs with members go as <see cref="Rows{T}"/>.</summary>
internal static class Sequence<T>
{
    private static readonly Rows<T>? Rows = Rows<T>.TryCreate();

    public static void Write(WireWriter writer, ReadOnlySpan<T> items)
    {
        writer.WriteVarUInt((uint)items.Length);
        if (Rows is not null)
        {
            Rows.Write(writer, items);
            return;
        }

        foreach (var item in items)
        {
            Codec<T>.Write(writer, item);
        }
    }

    public static T[] Read(WireReader reader)
    {
        // A value takes a byte at least, so nobody can make us allocate much for little.
        var count = reader.ReadCount(smallest: 1);
        if (count == 0)
        {
            return [];
        }

        if (Rows is not null)
        {
            return Rows.Read(reader, count);
        }

        var items = new T[count];
        foreach (ref var item in items.AsSpan())
        {
            item = Codec<T>.Read(reader);
        }

        return items;
    }
}
