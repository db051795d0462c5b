namespace Shortline.LocalEngine;

/// <summary>A hash set or one of its interfaces; its comparer does not travel.</summary>
internal sealed class SetFormat<TSet, T> : SequenceFormat<TSet, T>
    where TSet : IEnumerable<T>
{
    protected override ReadOnlySpan<T> ItemsOf(TSet sequence) => sequence.ToArray();

    protected override TSet Make(T[] items) => (TSet)(object)new HashSet<T>(items);
}
