using System.Runtime.CompilerServices;

namespace Shortline.LocalEngine;

/// <summary>An enum as its number: one that a newer version added passes through an older one.</summary>
internal sealed class EnumFormat<TEnum, TNumber> : Format<TEnum>
    where TEnum : struct, Enum
    where TNumber : struct
{
    public override void Write(WireWriter writer, TEnum value) => Codec<TNumber>.Write(writer, Unsafe.BitCast<TEnum, TNumber>(value));

    public override TEnum Read(WireReader reader) => Unsafe.BitCast<TNumber, TEnum>(Codec<TNumber>.Read(reader));
}
