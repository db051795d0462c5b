namespace Shortline.LocalEngine;

internal sealed class ReadOnlyMemoryFormat<T> : SequenceFormat<ReadOnlyMemory<T>, T>
{
    protected override bool IsNull(ReadOnlyMemory<T> sequence) => false;

    protected override ReadOnlySpan<T> ItemsOf(ReadOnlyMemory<T> sequence) => sequence.Span;

    protected override ReadOnlyMemory<T> Make(T[] items) => items;
}
