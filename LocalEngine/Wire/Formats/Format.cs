namespace Shortline.LocalEngine;

/// <summary>The bytes of one type of values. Each value ends where it says itself; its kind is that of <see cref="FormatFinder.KindOf"/>.</summary>
internal abstract class Format<T>
{
    public abstract void Write(WireWriter writer, T value);

    public abstract T Read(WireReader reader);
}
