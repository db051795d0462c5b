using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Shortline.LocalEngine;

internal sealed class ImmutableArrayFormat<T> : SequenceFormat<ImmutableArray<T>, T>
{
    protected override bool IsNull(ImmutableArray<T> sequence) => sequence.IsDefault;

    protected override ReadOnlySpan<T> ItemsOf(ImmutableArray<T> sequence) => sequence.AsSpan();

    protected override ImmutableArray<T> Make(T[] items) => ImmutableCollectionsMarshal.AsImmutableArray(items);
}
