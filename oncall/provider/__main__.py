"""`python -m oncall.provider ENGINE_ADDRESS`: what the plugin executable runs."""

import sys

from oncall.provider.host import main

main(sys.argv[1:])
