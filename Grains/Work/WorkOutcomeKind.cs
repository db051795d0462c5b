namespace Shortline.Grains;

internal enum WorkOutcomeKind
{
    Ok = 0,
    Error = 1,
    Invalid = 2,

    /// <summary>It has not run, and another server may have it.</summary>
    Rejected = 3,

    /// <summary>Its time was over.</summary>
    Expired = 4,
}
