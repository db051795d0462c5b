namespace Shortline.LocalEngine;

/// <summary>What a frame on a <see cref="Connection"/> is.</summary>
internal enum FrameKind : byte
{
    /// <summary>A call of a grain or an observer. Number 0: one-way.</summary>
    Call = 1,

    /// <summary>The result of a call.</summary>
    Result = 2,

    /// <summary>The exception of a call.</summary>
    Failure = 3,

    /// <summary>The call did not run: the grain lives on the silo that this names.</summary>
    Redirect = 4,

    /// <summary>Nobody waits for the call any more: its token is cancelled.</summary>
    Cancel = 5,

    /// <summary>A silo joins or leaves: the other side should look who is there, and say <see cref="Looked"/> when it has.</summary>
    Look = 6,

    /// <summary>It knows who joined, and has ended its grains that live there now; or who left, and sends it nothing after this.</summary>
    Looked = 7,
}
