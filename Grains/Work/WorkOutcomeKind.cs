namespace Shortline.Grains;

internal enum WorkOutcomeKind
{
    Ok = 0,
    Error = 1,
    Invalid = 2,
}
