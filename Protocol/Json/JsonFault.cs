namespace Shortline.Protocol;

/// <summary>Why <see cref="JsonScanner"/> stopped.</summary>
internal enum JsonFault
{
    None,
    Syntax,
    TooDeep,
}
