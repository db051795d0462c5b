namespace Shortline.LocalEngine;

/// <summary>A collection as what is in it, see <see cref="Sequence{T}"/>.</summary>
internal abstract class SequenceFormat<TSequence, TItem> : Format<TSequence>
{
    public sealed override void Write(WireWriter writer, TSequence value)
    {
        if (IsNull(value))
        {
            writer.WriteNull();
            return;
        }

        var opened = writer.Open();
        Sequence<TItem>.Write(writer, ItemsOf(value));
        writer.Close(opened);
    }

    public sealed override TSequence Read(WireReader reader)
    {
        if (!reader.TryOpen(out var outer))
        {
            return default!;
        }

        var items = Sequence<TItem>.Read(reader);
        reader.Close(outer);
        return Make(items);
    }

    /// <summary>Whether this is the type's default, to be told from an empty one.</summary>
    protected virtual bool IsNull(TSequence sequence) => sequence is null;

    protected abstract ReadOnlySpan<TItem> ItemsOf(TSequence sequence);

    protected abstract TSequence Make(TItem[] items);
}
