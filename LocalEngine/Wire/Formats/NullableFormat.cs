namespace Shortline.LocalEngine;

/// <summary>A value type or null.</summary>
internal sealed class NullableFormat<T> : Format<T?>
    where T : struct
{
    public override void Write(WireWriter writer, T? value)
    {
        if (value is not { } present)
        {
            writer.WriteNull();
            return;
        }

        var opened = writer.Open();
        Codec<T>.Write(writer, present);
        writer.Close(opened);
    }

    public override T? Read(WireReader reader)
    {
        if (!reader.TryOpen(out var outer))
        {
            return null;
        }

        var present = Codec<T>.Read(reader);
        reader.Close(outer);
        return present;
    }
}
