namespace Shortline.Grains;

/// <content>
/// The key says where the grain is, so the cluster's directory need not. An entry there would do harm: it is kept by some silo or other, and when that one
/// is lost, Orleans deactivates the grain, on a silo that is well.
/// </content>
internal sealed partial class SiloOfKeyPlacement
{
    public override bool IsUsingGrainDirectory => false;
}
