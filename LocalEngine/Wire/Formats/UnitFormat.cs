namespace Shortline.LocalEngine;

/// <summary>Nothing, in no bytes: for results alone, since a million of nothing would be as short.</summary>
internal sealed class UnitFormat : Format<Unit>
{
    public override void Write(WireWriter writer, Unit value)
    {
    }

    public override Unit Read(WireReader reader) => default;
}
