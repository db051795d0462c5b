using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A silo's address by its parts. A part that is added at the end is passed over by those who do not know it.</summary>
internal sealed class SiloAddressFormat : Format<SiloAddress?>
{
    public override void Write(WireWriter writer, SiloAddress? value) =>
        Codec<(int Port, int Generation)?>.Write(writer, value is null ? null : (value.Port, value.Generation));

    public override SiloAddress? Read(WireReader reader) =>
        Codec<(int Port, int Generation)?>.Read(reader) is var (port, generation) ? new SiloAddress(port, generation) : null;
}
