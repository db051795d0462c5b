using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>What a setting may be: reads its text and says what is allowed.</summary>
internal abstract class ValueKind<T>
{
    /// <summary>What is allowed, to be read after "key = value:".</summary>
    public abstract string Allowed { get; }

    /// <summary>What is allowed, as the page for users says it.</summary>
    public virtual string Documented => Allowed;

    /// <summary>Whether its values are nobody's business: they are shown nowhere.</summary>
    public virtual bool IsSecret => false;

    public abstract bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out T value);
}
