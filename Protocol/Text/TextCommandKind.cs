namespace Shortline.Protocol.Text;

/// <summary>The commands of the text protocol.</summary>
public enum TextCommandKind
{
    /// <summary>Not a command.</summary>
    None,

    /// <summary><c>req_sv_loc</c>: asks a gateway for the location of a server.</summary>
    Locate,

    /// <summary><c>JOIN%host:port</c> or <c>JOIN%host:port%weight</c>: tells a gateway that a server accepts connections there.</summary>
    Join,

    /// <summary><c>DEAD%host:port</c>: tells a gateway that this server accepts no more connections.</summary>
    Dead,

    /// <summary><c>test_response_time</c>: asks a server whether it is alive.</summary>
    TestResponseTime,

    /// <summary><c>req_dir</c>: asks a server for the list of its files.</summary>
    Directory,

    /// <summary><c>req_file%name</c>: asks a server for a file.</summary>
    File,

    /// <summary><c>req_comp%seconds</c>: keeps a server busy.</summary>
    Compute,
}
