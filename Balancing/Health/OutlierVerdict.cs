namespace Shortline.Balancing;

/// <summary>What an <see cref="OutlierDetector"/> makes of the end of a request.</summary>
public enum OutlierVerdict
{
    /// <summary>Nothing new.</summary>
    None,

    /// <summary>The server is out from now on.</summary>
    Ejected,

    /// <summary>The server is back.</summary>
    Readmitted,
}
