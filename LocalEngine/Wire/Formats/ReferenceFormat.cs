namespace Shortline.LocalEngine;

/// <summary>A reference to a grain or an observer, as the <see cref="ReferenceCodec"/> of the connection writes it.</summary>
internal sealed class ReferenceFormat<T> : Format<T?>
    where T : class
{
    public override void Write(WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        var opened = writer.Open();
        (writer.References ?? throw NoReferences()).Write(writer, value);
        writer.Close(opened);
    }

    public override T? Read(WireReader reader)
    {
        if (!reader.TryOpen(out var outer))
        {
            return null;
        }

        var reference = (reader.References ?? throw NoReferences()).Read(reader, typeof(T));
        reader.Close(outer);
        return reference as T ?? throw new WireFormatException($"A reference is no {typeof(T)}.");
    }

    private static InvalidOperationException NoReferences() => new($"A {typeof(T)} travels only where references can.");
}
